"""In which order records are met, told by their keys."""

import numpy as np
import pytest

from harness.diagnosis.watch.met_again import comes_again, relabelled, relabelled_arrays

PIECES = [np.full(4, value) for value in (0, 0, 1, 1, 2, 0)]


def test_pieces_that_are_alike_come_again_with_their_epoch() -> None:
    assert comes_again(PIECES * 4)
    assert comes_again([np.full(4, 9), *(PIECES * 8)[1:]])


def test_pieces_in_another_order_do_not_come_again() -> None:
    order = np.random.default_rng(0)
    assert not comes_again([PIECES[at] for _ in range(4) for at in order.permutation(6)])


@pytest.mark.parametrize(("values", "moved", "share"), [(400, 1, 1.0), (400, 0, 0.0), (30, 0, 0.0)])
def test_records_with_the_same_inputs_are_not_said_to_be_met_again(
    values: int, moved: int, share: float
) -> None:
    rng = np.random.default_rng(0)
    x, y = rng.permutation(400)[:, None] % values, rng.normal(size=400)
    met = [(x, y), (x, np.roll(y, moved))]
    assert relabelled_arrays(met) == pytest.approx(share)


@pytest.mark.parametrize(("alike", "told"), [(250, False), (0, True)])
def test_records_that_all_look_alike_are_not_said_to_be_met_again(alike: int, told: bool) -> None:
    records = np.arange(400)
    keys = np.where(records < alike, 0, records)
    labels = records % 7
    met = relabelled(np.tile(keys, 2), np.concatenate([labels, np.roll(labels, 1)]))
    assert (met > 0.9) == told
