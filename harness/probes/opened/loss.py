"""The loss that is trained on and its gradient, against the reference."""

import numpy as np
import torch

from harness.dataset.padding import IGNORED
from harness.probes.toolkit.check import FLOAT32_ROUNDOFF, Array, close, conclude, skipped
from harness.probes.toolkit.subject import Subject
from harness.reference import Reference
from harness.results.probe import Probe

NAME = "loss"

TOLERANCE = 64 * FLOAT32_ROUNDOFF
"""Rounding gives up to 8e-8."""

SPREADS = (3.0, 60.0)
"""Standard deviations of the outputs, record by record in turn: of ordinary answers, and of some so
sure that their exponentials leave float32."""

ALONE = (3.0, 150.0)
"""The same for one logit, from which no other is subtracted: of the sure ones a quarter is below
-88, where the exponential of their negative leaves float32."""

CLASSES = 5
"""More than most tasks have; weighted ones keep their own, to which their weights belong."""


def loss(subject: Subject) -> Probe:
    """Compare the declared loss of given outputs with the reference."""
    if subject.case.training.own_loss is not None:
        return skipped(NAME, "the reference does not know the user's own loss")
    with subject.run() as run:
        rng, width, y = np.random.default_rng(0), run.data.outputs, run.y
        if run.data.classes and not run.data.one_logit and run.data.class_weights is None:
            width = max(width, CLASSES)
            drawn = torch.from_numpy(rng.integers(0, width, y.shape)).to(run.device)
            y = torch.where(y == IGNORED, y, drawn)
        targets = y.cpu().numpy()
        answers = targets.shape[: 1 + run.data.each_step]
        spreads = np.resize(
            ALONE if run.data.one_logit else SPREADS, (len(targets), *[1] * len(answers))
        )
        given = spreads * rng.normal(size=(*answers, width))
        outputs = torch.from_numpy(given).to(run.device, run.dtype).requires_grad_()
        value = run.loss_of(outputs, y)
        (slope,) = torch.autograd.grad(value, outputs)
    given = outputs.detach().cpu().numpy().astype(np.float64)

    def reference(dtype: str) -> tuple[Array, Array]:
        return Reference(subject.case, 0).loss(given.astype(dtype), targets)

    exact, rounded = reference("float64"), reference("float32")
    found = value.detach().cpu().numpy(), slope.cpu().numpy()
    checks = [
        close(what, a, b, c, TOLERANCE, subject.roundoff)
        for what, a, b, c in zip(("value", "gradient"), found, exact, rounded, strict=True)
    ]
    return conclude(NAME, "the loss of given outputs", checks)
