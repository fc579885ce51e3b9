"""What Keras costs beside `nn.LSTM`, and how far its curve is from it: the engine of this process.

    KERAS_BACKEND=jax python benchmarks/keras_engines.py [SEEDS] [EPOCHS]    # default: 2 20

Hello world, never stopping early; the first seed, which is traced and compiled, is warm-up.
"""

import statistics
import sys
from pathlib import Path

import numpy as np

from harness.backends import Backend
from harness.backends.eager import Eager
from harness.backends.keras_backend import Keras, chosen_engine
from harness.history import History
from harness.scenario import Case, load

SCENARIO = Path(__file__).parent.parent / "scenarios" / "hello_world.toml"


def hello_world(epochs: int) -> Case:
    """Return the case as it was asked, with a criterion that nothing meets."""
    case = load(SCENARIO, "hello_world").cases[0]
    training = case.training.model_copy(update={"epochs": epochs})
    converged = case.converged.model_copy(update={"at_least": 2.0})
    return case.model_copy(update={"training": training, "converged": converged})


def trained(backend: Backend, case: Case, seeds: int) -> list[History]:
    """Train a warm-up seed and ``seeds`` more; return those."""
    return backend.train(case, range(seeds + 1), "cpu", lambda _seed, _epoch: None)[1:]


def main() -> None:
    """Train both and print one line of figures for each, and their distance."""
    seeds, epochs = (*(int(word) for word in sys.argv[1:]), *(2, 20)[len(sys.argv) - 1 :])
    case = hello_world(epochs)
    if reason := Keras().unavailable("cpu"):
        sys.exit(reason)
    keras, eager = trained(Keras(), case, seeds), trained(Eager(), case, seeds)
    for name, runs in ((f"keras on {chosen_engine()}", keras), ("nn.LSTM", eager)):
        seconds = statistics.median(run.seconds for run in runs) * 100 / epochs
        print(f"{name}: {seconds:.1f} s a seed of 100 epochs (median of {seeds}, from {epochs})")
    apart = [
        float(np.abs(ours.first_losses - theirs.first_losses).max())
        for ours, theirs in zip(keras, eager, strict=True)
    ]
    print(f"largest difference of the first 20 losses, seed by seed: {np.round(apart, 6).tolist()}")


if __name__ == "__main__":
    main()
