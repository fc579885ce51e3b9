"""The reference's metrics equal those that backends report, which are written for arrays."""

import numpy as np
import pytest

from harness.metrics import measure
from harness.reference import FORMULAS
from harness.scenario.vocabulary import METRICS, MetricName

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("name", [name for name, facts in METRICS.items() if facts.of == "classes"])
def test_of_classes(name: MetricName) -> None:
    outputs, labels = RNG.normal(size=(30, 4)), RNG.choice([0, 1, 3], 30, p=[0.6, 0.2, 0.2])
    found = FORMULAS[name](outputs, labels)
    assert found == pytest.approx(float(measure(name, outputs, labels, np.zeros(()), 1.0)))
    assert METRICS[name].lowest < found < METRICS[name].highest


@pytest.mark.parametrize("name", [name for name, facts in METRICS.items() if facts.of == "values"])
def test_of_values(name: MetricName) -> None:
    outputs, targets = RNG.normal(size=(30, 1)), RNG.normal(size=30)
    found = FORMULAS[name](outputs, targets)
    assert found == pytest.approx(float(measure(name, outputs, targets, np.zeros(()), 1.0)))


def test_every_metric_but_the_loss_is_there() -> None:
    assert FORMULAS.keys() == METRICS.keys() - {"loss", "skill"}
