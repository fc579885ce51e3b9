import numpy as np

from harness.diagnosis.plateau import plateau

NOISE = np.random.default_rng(0).normal(0, 0.01, 150)
FALLING = np.concatenate([np.linspace(0.69, 0.64, 90), np.linspace(0.55, 0.02, 60)]) + NOISE
FLAT = np.full(150, 0.69) + NOISE


def test_a_plateau_that_falls_by_less_than_accuracy_shows_is_to_be_waited_for() -> None:
    found = plateau(FALLING, 0.693)
    assert found is not None
    assert 80 <= found.updates <= 95
    assert found.ended
    assert "nothing was wrong" in found.sentence(7)


def test_before_its_end_it_says_wait() -> None:
    found = plateau(FALLING[:85], 0.693)
    assert found is not None
    assert not found.ended
    assert found.sentence(7).endswith("wait.")


def test_a_loss_that_does_not_fall_is_no_such_plateau() -> None:
    assert plateau(FLAT, 0.693) is None


def test_a_training_that_moves_at_once_has_none() -> None:
    assert plateau(np.linspace(0.69, 0.1, 150) + NOISE, 0.693) is None
