"""Observations of trainings that went well, or not, for the rules to be asked."""

from dataclasses import replace

import numpy as np

from harness.diagnosis import Observations
from harness.diagnosis.observations import Layer, Loop, Loss, Optimizer, Parameter

RECORDS = 240
INPUTS = np.random.default_rng(0).standard_normal((RECORDS, 4))
LABELS = (INPUTS[:, 0] > 0).astype(np.int64)
NUMBERS = INPUTS[:, :1] + 0.5 * INPUTS[:, 1:2]


def drawn() -> np.random.Generator:
    """Numbers that have nothing to do with the inputs, the same at each call."""
    return np.random.default_rng(1)


def logits(share: float) -> np.ndarray:
    """Answers of a network that is right about a share of the records and unsure of the rest."""
    made = np.zeros((RECORDS, 2))
    known = int(share * RECORDS)
    made[np.arange(known), LABELS[:known]] = 6.0
    return made


def healthy() -> Observations:
    weights = Parameter("fc.weight", (8, 4), gradients=(0.1, 0.1), weight=2.0, moved=1.0,
                        spread=0.5, usual=0.7)  # fmt: skip
    return Observations(
        losses=np.linspace(0.7, 0.02, 200),
        epochs=25,
        loss=Loss("cross_entropy", "linear", output_shape=(30, 2), target_shape=(30,)),
        optimizer=Optimizer("adam", (1e-3,)),
        loop=Loop(batch=30, records=RECORDS, shuffled=True),
        parameters=(weights,),
        layers=(Layer("fc", "Linear", 8),),
        inputs=INPUTS,
        targets=LABELS,
        final_outputs=logits(1.0),
    )


def stuck(losses: np.ndarray | None = None) -> Observations:
    flat = np.full(200, 0.69) if losses is None else losses
    return replace(healthy(), losses=flat, final_outputs=logits(0.02))
