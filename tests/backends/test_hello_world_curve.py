"""The question that started it was asked in Keras: there, the same curve as in PyTorch."""

from pathlib import Path

import numpy as np
import pytest

from harness.backends.eager import Eager
from harness.backends.keras_backend import Keras
from harness.history import History
from harness.scenario import Case, load

MISSING = Keras().unavailable("cpu")
pytestmark = pytest.mark.skipif(MISSING is not None, reason=str(MISSING))

SCENARIO = Path(__file__).parents[2] / "scenarios" / "hello_world.toml"
SEEDS = range(24)


def hello_world(epochs: int) -> Case:
    """Return the case as it was asked, with another budget."""
    case = load(SCENARIO, "hello_world").cases[0]
    assert case.name == "as_asked"
    return case.model_copy(update={"training": case.training.model_copy(update={"epochs": epochs})})


def both(epochs: int, seeds: range) -> list[tuple[History, History]]:
    case = hello_world(epochs)
    keras = Keras().train(case, seeds, "cpu", lambda seed, epoch: None)
    eager = Eager().train(case, seeds, "cpu", lambda seed, epoch: None)
    return list(zip(keras, eager, strict=True))


def test_the_first_twenty_losses_are_those_of_pytorch() -> None:
    for keras, eager in both(3, range(3)):
        assert len(keras.first_losses) == 20
        np.testing.assert_allclose(keras.first_losses, eager.first_losses, rtol=0, atol=1e-4)


@pytest.mark.slow
def test_nearly_every_seed_converges_within_one_epoch_of_pytorch() -> None:
    pairs = both(60, SEEDS)
    apart = [abs(keras.epochs - eager.epochs) for keras, eager in pairs]
    assert sum(epochs <= 1 for epochs in apart) >= 22, apart
