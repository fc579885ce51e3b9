"""The question that started it was asked in Keras: there, the same curve as in PyTorch."""

from pathlib import Path

import numpy as np
import pytest

from harness.backends.keras.backend import Keras, start_keras
from harness.backends.torch.eager import Eager
from harness.history import History
from harness.scenario import Case, load

MISSING = Keras().unavailable("cpu")
pytestmark = pytest.mark.skipif(MISSING is not None, reason=str(MISSING))

SCENARIO = Path(__file__).parents[2] / "scenarios" / "hello_world.toml"
SEEDS = range(24)

SAME = 1e-5
"""Where only rounding differs; it reaches 2e-7 in 20 steps. 1e-4 would count as the same curve."""


@pytest.fixture
def case() -> Case:
    """The case as it was asked."""
    case = load(SCENARIO, "hello_world").cases[0]
    assert case.name == "as_asked"
    return case


def both(case: Case) -> list[tuple[History, History]]:
    keras = Keras().train(case, SEEDS, "cpu", lambda seed, epoch: None)
    eager = Eager().train(case, SEEDS, "cpu", lambda seed, epoch: None)
    assert not any(history.message for history in keras)
    return list(zip(keras, eager, strict=True))


def largest_difference(pairs: list[tuple[History, History]]) -> float:
    """Return how far the first 20 losses of any seed are apart."""
    assert {len(history.first_losses) for pair in pairs for history in pair} == {20}
    return max(float(np.abs(a.first_losses - b.first_losses).max()) for a, b in pairs)


def within_one_epoch(pairs: list[tuple[History, History]]) -> int:
    """Return how many seeds converge within one epoch of each other."""
    return sum(abs(keras.epochs - eager.epochs) <= 1 for keras, eager in pairs)


def test_the_first_twenty_losses_are_those_of_pytorch(case: Case) -> None:
    short = case.training.model_copy(update={"epochs": 3})
    assert largest_difference(both(case.model_copy(update={"training": short}))) < SAME


@pytest.mark.slow
def test_every_seed_takes_the_same_curve_as_in_pytorch(case: Case) -> None:
    pairs = both(case)
    for keras, eager in pairs:
        assert keras.stopped == eager.stopped == "converged"
        np.testing.assert_allclose(keras.train_loss[:13], eager.train_loss[:13], rtol=0, atol=1e-4)
    assert within_one_epoch(pairs) >= 22


@pytest.mark.slow
def test_with_epsilon_where_keras_adds_it_the_curve_is_nearly_the_same(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_keras(case)
    import keras  # noqa: PLC0415  # an extra, on the engine that the line above chose

    from harness.backends.keras import optimizer as keras_optimizer  # noqa: PLC0415  # imports Keras

    monkeypatch.setattr(keras_optimizer, "Adam", keras.optimizers.Adam)
    pairs = both(case)
    assert 5e-5 < largest_difference(pairs) < 2e-4
    assert within_one_epoch(pairs) >= 22
