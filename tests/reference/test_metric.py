"""The reference's metrics equal those that backends report, which are written for arrays."""

import numpy as np
import pytest

from harness.metrics import measure
from harness.reference import METRICS
from harness.scenario.vocabulary import CLASSIFICATION_METRICS, REGRESSION_METRICS

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("name", ["accuracy", "balanced_accuracy"])
def test_of_classes(name: str) -> None:
    outputs, labels = RNG.normal(size=(30, 3)), RNG.choice([0, 2], 30, p=[0.8, 0.2])
    found = METRICS[name](outputs, labels)
    assert found == pytest.approx(float(measure(name, outputs, labels, np.zeros(()), 1.0)))
    assert 0 < found < 1


@pytest.mark.parametrize("name", ["rmse", "r2"])
def test_of_values(name: str) -> None:
    outputs, targets = RNG.normal(size=(30, 1)), RNG.normal(size=30)
    found = METRICS[name](outputs, targets)
    assert found == pytest.approx(float(measure(name, outputs, targets, np.zeros(()), 1.0)))


def test_every_metric_but_the_loss_is_there() -> None:
    assert set(METRICS) == CLASSIFICATION_METRICS | REGRESSION_METRICS
