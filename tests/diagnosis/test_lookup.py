"""Targets of records that were not trained on, looked up in a script's arrays."""

import numpy as np
import pytest

from harness.diagnosis.watch.lookup import Lookup

MAKER = np.random.default_rng(0)
X, NEW = MAKER.standard_normal((200, 3)), MAKER.standard_normal((50, 3))


@pytest.mark.parametrize(("unit", "found"), [(1.0, True), (300.0, False)])
def test_targets_in_another_unit_are_not_those_of_new_records(unit: float, found: bool) -> None:
    wanted = unit * (2 + NEW[:, 0])
    lookup = Lookup(X, 2 + X[:, 0], [X, NEW, wanted])
    assert (lookup.targets(NEW[:10]) is not None) == found


def test_classes_of_new_records_may_be_others_than_those_trained_on() -> None:
    lookup = Lookup(X, np.zeros(200, int), [X, NEW, np.full(50, 9)])
    assert lookup.targets(NEW[:10]) is not None
