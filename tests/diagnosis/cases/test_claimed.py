"""What a claim adds to what was observed: a level that was asked for, and other records."""

from dataclasses import replace

import numpy as np
import pytest

from harness.diagnosis import Observations, diagnose
from harness.diagnosis.facts import Facts
from harness.diagnosis.observations import Loop, Loss, Missed, Optimizer, Parameter

MAKER = np.random.default_rng(0)
RECORDS = 40
COINS = MAKER.integers(0, 2, RECORDS)
INPUTS = MAKER.standard_normal((RECORDS, 6))
ON_TRAIN = Missed("train", "accuracy", 0.6, 0.95)
ON_VALIDATION = Missed("validation", "accuracy", 0.5, 0.7)


def weights(count: int) -> Parameter:
    return Parameter(
        "w", (count, 1), gradients=(0.1, 0.1), weight=2.0, moved=1.0, spread=0.5, usual=0.7
    )


def answers(labels: np.ndarray, share: float) -> np.ndarray:
    known = np.arange(len(labels)) < share * len(labels)
    return 4.0 * np.eye(2)[np.where(known, labels, 1 - labels)]


def trained(share: float, **changes: object) -> Observations:
    seen = Observations(
        losses=np.concatenate([np.linspace(0.7, 0.3, 60), np.full(60, 0.3)]),
        epochs=30,
        loss=Loss("cross_entropy", "linear", output_shape=(10, 2), target_shape=(10,)),
        optimizer=Optimizer("adam", (1e-2,)),
        loop=Loop(batch=10, records=RECORDS, shuffled=True),
        parameters=(weights(200),),
        inputs=INPUTS,
        targets=COINS,
        final_outputs=answers(COINS, share),
    )
    return replace(seen, **changes)  # type: ignore[arg-type]  # a dict of any field


def test_less_than_was_asked_of_the_training_records_is_no_good_end() -> None:
    assert Facts(trained(0.9)).ending == "good"
    assert Facts(trained(0.9, missed=ON_TRAIN)).ending == "partial"
    assert Facts(trained(0.9, missed=ON_VALIDATION)).ending == "good"


def test_a_level_that_could_not_be_measured_at_the_end_counts_as_diverged() -> None:
    broken = replace(ON_TRAIN, reached=float("nan"))
    assert Facts(trained(0.9, missed=broken)).ending == "diverged"


@pytest.mark.parametrize(("count", "cause"), [(16, "network_too_small"), (40, "none")])
def test_labels_without_a_rule_need_half_a_weight_each(count: int, cause: str) -> None:
    found = diagnose(trained(0.6, parameters=(weights(count),), missed=ON_TRAIN))
    assert (found.primary == "network_too_small") == (cause != "none")


def test_other_records_tell_no_signal_from_too_few_records() -> None:
    more = MAKER.standard_normal((200, 6))
    coins, signs = MAKER.integers(0, 2, 200), (more[:, 0] > 0).astype(int)
    for labels, cause in ((coins, "no_signal"), (signs, "insufficient_data")):
        targets = COINS if cause == "no_signal" else (INPUTS[:, 0] > 0).astype(int)
        seen = trained(
            1.0,
            targets=targets,
            final_outputs=answers(targets, 1.0),
            validation_outputs=answers(MAKER.integers(0, 2, 200), 1.0),
            validation_targets=labels,
            more_inputs=more,
            more_targets=labels,
            missed=ON_VALIDATION,
        )
        assert diagnose(seen).primary == cause


def test_a_loss_that_goes_up_and_down_on_all_records_is_owed_to_the_rate() -> None:
    restless = replace(ON_TRAIN, restless=True)
    high, low = Optimizer("sgd", (0.3,), momentum=0.9), Optimizer("sgd", (0.01,), momentum=0.9)
    steady = trained(0.6, optimizer=high, missed=ON_TRAIN)
    assert diagnose(steady).primary != "learning_rate_too_high"
    found = [diagnose(replace(steady, optimizer=o, missed=restless)).primary for o in (high, low)]
    assert found[0] == "learning_rate_too_high"
    assert found[1] != "learning_rate_too_high"


def test_a_gradient_that_grows_at_a_usual_rate_explodes() -> None:
    grown = replace(weights(200), gradients=(0.1, 50.0))
    for rate, cause in ((1e-2, "exploding_gradient"), (1.0, "learning_rate_too_high")):
        seen = trained(
            0.5,
            losses=np.geomspace(0.7, 1e6, 100),
            final_outputs=1e6 * answers(COINS, 0.5),
            parameters=(grown,),
            optimizer=Optimizer("adam", (rate,)),
        )
        assert diagnose(seen).primary == cause
