"""A plateau that ends by itself is told from one that does not."""

import numpy as np
import pytest

from harness.verdict.plateau import plateau_of

EPOCHS = np.arange(13)
LEAVING = 0.6932 - 1e-4 * 1.4**EPOCHS
CRAWLING = 0.6932 - 3e-5 * EPOCHS
STILL = 0.6932 + 1e-6 * np.random.default_rng(0).normal(size=13)


@pytest.mark.parametrize(("losses", "ends"), [(LEAVING, True), (CRAWLING, False), (STILL, False)])
def test_only_a_loss_that_falls_by_ever_more_is_worth_waiting_for(
    losses: np.ndarray, *, ends: bool
) -> None:
    found = plateau_of(losses.tolist(), 12)
    assert found is not None
    assert found.ends is ends


def test_an_epoch_in_which_the_loss_rises_is_no_reason_to_wait() -> None:
    losses = LEAVING.copy()
    losses[6] += 0.01
    found = plateau_of(losses.tolist(), 12)
    assert found is not None
    assert not found.ends


def test_a_few_epochs_tell_nothing() -> None:
    assert plateau_of(LEAVING.tolist(), 4) is None
    assert plateau_of([*LEAVING[:4].tolist(), None, 0.5], 5) is None
