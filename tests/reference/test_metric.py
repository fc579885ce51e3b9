"""The reference's metrics equal those that backends report, which are written for arrays."""

import numpy as np
import pytest

from harness.metrics import measure
from harness.reference import FORMULAS
from harness.scenario.vocabulary import METRICS, MetricName

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("name", [name for name, facts in METRICS.items() if facts.of == "classes"])
def test_of_classes(name: MetricName) -> None:
    outputs, labels = RNG.normal(size=(30, 3)), RNG.choice([0, 2], 30, p=[0.8, 0.2])
    found = FORMULAS[name](outputs, labels)
    assert found == pytest.approx(float(measure(name, outputs, labels, np.zeros(()), 1.0)))
    assert 0 < found < 1


@pytest.mark.parametrize("name", [name for name, facts in METRICS.items() if facts.of == "values"])
def test_of_values(name: MetricName) -> None:
    outputs, targets = RNG.normal(size=(30, 1)), RNG.normal(size=30)
    found = FORMULAS[name](outputs, targets)
    assert found == pytest.approx(float(measure(name, outputs, targets, np.zeros(()), 1.0)))


def test_every_metric_but_the_loss_is_there() -> None:
    assert FORMULAS.keys() == METRICS.keys() - {"loss"}
