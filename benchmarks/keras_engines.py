"""Bare Keras 3 on each engine that is installed, against the ensemble on all cores, in one run.

    python benchmarks/keras_engines.py [--rounds 3]        # one to two minutes

Hello world: 3 x LSTM(15), 200 records, batch 32, Adam 1e-3, no validation. The ensemble trains 64
seeds for 100 epochs, a process of one thread a core, preparation and evaluations included. Keras
does what its user would: build, compile, `fit`, one seed after another with the engine's own
threads. It trains one seed for 1 + 20 epochs a round; epochs are alike, so these stand for the
rest. Its time is given twice: `fit` alone, once its step is traced and compiled, and all in, with
building and compiling, which every new seed's model pays. `fit` makes no evaluation of its own
after an epoch, which the ensemble does. The sides take turns and the best round of each counts.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path

from harness.backends.ensemble.backend import Ensemble
from harness.backends.keras.backend import ENGINES
from harness.dataset import build
from harness.scenario import Case, load

SCENARIO = Path(__file__).parent.parent / "scenarios" / "hello_world.toml"
SEEDS, EPOCHS, FITTED = 64, 100, 20


def hello_world() -> Case:
    """Return the case as it was asked, without validation, with a criterion that nothing meets."""
    case = load(SCENARIO, "hello_world").cases[0]
    return case.model_copy(
        update={
            "data": case.data.model_copy(update={"validation_records": 0}),
            "training": case.training.model_copy(update={"epochs": EPOCHS}),
            "converged": case.converged.model_copy(update={"at_least": 2.0}),
        }
    )


def seconds(work: Callable[[], object]) -> float:
    """Return how long one call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def fitted(rounds: int) -> None:
    """Print, as JSON, seconds of a seed's start (build, compile, first epoch) and of an epoch."""
    import keras  # noqa: PLC0415  # only where an engine is measured, which the environment names

    case, started, epoch = hello_world(), [], []
    for seed in range(rounds):
        keras.utils.set_random_seed(seed)
        data = build(case, seed)
        x, y = data.x.astype("float32"), data.y
        begun = time.perf_counter()
        layers = [keras.layers.LSTM(15, return_sequences=n < 2) for n in range(3)]
        head = keras.layers.Dense(2, activation="softmax")
        model = keras.Sequential([keras.Input((3, 1)), *layers, head])
        loss = "sparse_categorical_crossentropy"
        model.compile(keras.optimizers.Adam(1e-3), loss, metrics=["accuracy"])
        model.fit(x, y, batch_size=32, epochs=1, verbose=0)
        started.append(time.perf_counter() - begun)
        work = partial(model.fit, x, y, batch_size=32, epochs=FITTED, verbose=0)
        epoch.append(seconds(work) / FITTED)
    print(json.dumps([min(started), min(epoch)]))


def engine(name: str) -> tuple[float, float]:
    """Measure two seeds in a process of the engine's own; the first also warms it up."""
    environment = os.environ | {"KERAS_BACKEND": name, "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, __file__, "--fit"]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    started, epoch = json.loads(done.stdout.splitlines()[-1])
    return started, epoch


def trained(seeds: Sequence[int]) -> None:
    """Train seeds as the ensemble does; runs in a worker."""
    Ensemble().train(hello_world(), seeds, "cpu", lambda *_: None)


def ensemble(pool: Executor, cores: int) -> float:
    """Return the seconds a seed that the ensemble takes."""
    parts = [range(core, SEEDS, cores) for core in range(cores)]
    return seconds(lambda: list(pool.map(trained, parts))) / SEEDS


def main(rounds: int) -> None:
    """Measure all sides in turn and print a line for each."""
    engines = [name for name in ENGINES if find_spec(name)] if find_spec("keras") else []
    if not engines:
        sys.exit("Keras is not installed here: pip install 'convergence-harness[keras-jax]'")
    cores, ours = os.cpu_count() or 1, []
    theirs: dict[str, list[tuple[float, float]]] = {name: [] for name in engines}
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        ensemble(pool, cores)
        for _ in range(rounds):
            for name in engines:
                ours.append(ensemble(pool, cores))
                theirs[name].append(engine(name))
    best = min(ours)
    print(f"ensemble, {SEEDS} seeds x {EPOCHS} epochs on {cores} cores: {best * 1e3:.1f} ms a seed")
    for name, measured in theirs.items():
        started, epoch = (min(column) for column in zip(*measured, strict=True))
        alone, all_in = EPOCHS * epoch, started + (EPOCHS - 1) * epoch
        print(
            f"keras on {name}: fit alone {alone:.2f} s a seed, {alone / best:.0f} x; "
            f"all in {all_in:.2f} s, {all_in / best:.0f} x"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--fit", action="store_true", help="measure KERAS_BACKEND in this process")
    given = parser.parse_args()
    if given.fit:
        fitted(2)
    else:
        main(given.rounds)
