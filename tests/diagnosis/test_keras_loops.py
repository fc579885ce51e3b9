"""Mistakes in Keras trainings, on whichever engine is there; each runs in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest

import harness
from tests.diagnosis.keras_scripts.data import DATA
from tests.diagnosis.keras_scripts.loop import NETWORK
from tests.diagnosis.keras_scripts.loss import LOSS
from tests.diagnosis.keras_scripts.parts import HEAD, PLAIN

pytestmark = pytest.mark.skipif(find_spec("keras") is None, reason="Keras is not installed")

FAULTS = {**DATA, **LOSS, **NETWORK}


def run(
    script: Path, *command: str, engine: str = "torch", arguments: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    root = str(Path(harness.__file__).parents[1])
    return subprocess.run(
        [sys.executable, *command, str(script), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "KERAS_BACKEND": engine, "PYTHONPATH": root},
    )


FORKS = """
import contextlib, os, sys
import keras, scipy.optimize, torch
from harness.cli.main import main
torch.set_num_threads(1)
for script in sys.argv[1:]:
    if os.fork() == 0:
        with open(script + ".json", "w") as answer, contextlib.redirect_stdout(answer):
            main(["diagnose", "--json", script])
        os._exit(0)
    os.wait()
"""


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The primary cause of each script; Keras is imported once, and each script has a fork."""
    folder = tmp_path_factory.mktemp("scripts")
    scripts = {cause: folder / f"script{at}.py" for at, cause in enumerate(FAULTS)}
    for cause, script in scripts.items():
        script.write_text(HEAD + FAULTS[cause])
    (folder / "forks.py").write_text(FORKS)
    ended = run(folder / "forks.py", arguments=[str(script) for script in scripts.values()])
    assert "could not watch" not in ended.stderr
    said = {
        cause: Path(f"{script}.json").read_text().strip().rpartition("\n")[2]
        for cause, script in scripts.items()
    }
    return {cause: json.loads(answer)["primary"] for cause, answer in said.items()}


@pytest.mark.parametrize("cause", FAULTS)
def test_each_mistake_is_named(cause: str, named: dict[str, str]) -> None:
    assert named[cause] == cause.partition(" ")[0]


@pytest.mark.parametrize("engine", ["torch", "jax"])
def test_a_keras_script_prints_the_same_when_it_is_diagnosed(engine: str, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    weights = "print([float(w.sum()).hex() for w in model.get_weights()])\n"
    dropped = PLAIN.replace(
        "keras.layers.Dense(1)", "keras.layers.Dropout(0.2), keras.layers.Dense(1)"
    ).replace('"mse"', "lambda t, p: print('asked') or keras.ops.mean((t - p) ** 2)")
    script.write_text(HEAD + dropped + weights + "print(keras.random.uniform((1,)))\n")
    plain = run(script, engine=engine)
    watched = run(script, "-m", "harness.diagnosis", engine=engine)
    assert plain.returncode == 0
    assert watched.stdout.startswith(plain.stdout)
    assert watched.stdout.count("asked") == plain.stdout.count("asked")


SUBCLASS = """
class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.body = keras.layers.Dense(16, activation="relu")
        self.head = keras.layers.Dense(1)
    def call(self, x):
        return self.head(keras.ops.stop_gradient(self.body(x)))
model = Own()
model.compile(keras.optimizers.Adam(0.02), "mse")
model.fit(x, (4 * x[:, 0] * x[:, 1] + x[:, 2]), epochs=12, batch_size=20, verbose=0)
"""


def test_gradients_are_looked_at_where_a_subclass_on_jax_has_no_mode(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(HEAD + SUBCLASS)
    watched = run(script, "-m", "harness.diagnosis", "--json", engine="jax")
    assert json.loads(watched.stdout.strip().rpartition("\n")[2])["primary"] == "broken_graph"


STOPPED = """
class Enough(Exception):
    pass

class Stop(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        if epoch == 9:
            raise Enough
"""


def test_a_fit_that_an_exception_ends_is_understood(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    fit = PLAIN.replace("verbose=0)", "verbose=0, callbacks=[Stop()])").replace(
        "model.fit", "try:\n    model.fit"
    )
    script.write_text(HEAD + STOPPED + fit + "except Enough:\n    pass\n")
    ended = run(script, "-m", "harness.diagnosis", "--json", engine="jax")
    assert json.loads(ended.stdout.strip().rpartition("\n")[2])["primary"] == "none"


CARRIED = """
x = rng.normal(size=(240, 6, 2)).astype("float32")
y = (x[:, :, 0].sum(1) > 0).astype("float32")
layers = keras.layers
given = [layers.Input((6, 2)), layers.Input((5,)), layers.Input((5,))]
out, h, c = layers.LSTM(5, return_state=True)(given[0], initial_state=given[1:])
score = layers.Dense(1, activation="sigmoid")(out)
model, whole = keras.Model(given, score), keras.Model(given, [score, h, c])
model.compile(keras.optimizers.Adam(0.02), "binary_crossentropy")
zeros = np.zeros((20, 5), "float32")
for epoch in range(3):
    state = [zeros, zeros]
    for picked in np.split(rng.permutation(240), 12):
        model.train_on_batch([x[picked], *state], y[picked])
        answer = whole.predict_on_batch([x[picked], *state])
        state = KEPT
"""


@pytest.mark.parametrize(
    ("engine", "kept", "cause"),
    [
        ("torch", "answer[1:]", "stale_state"),
        ("jax", "answer[1:]", "stale_state"),
        ("jax", "[zeros, zeros]", "none"),
        ("torch", "asked before", "stale_state"),
    ],
)
def test_states_fed_by_hand_to_shuffled_records_are_stale(
    engine: str, kept: str, cause: str, tmp_path: Path
) -> None:
    script = tmp_path / "script.py"
    loop = CARRIED.replace("KEPT", kept)
    if kept == "asked before":
        train, ask = (line for line in CARRIED.splitlines(keepends=True) if "on_batch" in line)
        loop = CARRIED.replace(train + ask, ask + train).replace("KEPT", "answer[1:]")
    script.write_text(HEAD + loop)
    ended = run(script, "-m", "harness.diagnosis", "--json", engine=engine)
    assert json.loads(ended.stdout.strip().rpartition("\n")[2])["primary"] == cause
    assert "Traceback" not in ended.stderr


GONE = """
for weight in model.weights:
    weight._value = None
"""


def test_weights_that_are_gone_at_the_end_take_no_other_answer_away(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    batches = """
for _ in range(12):
    for at in range(0, 300, 20):
        model.train_on_batch(x[at:at + 20], y[at:at + 20])
"""
    loop = PLAIN.replace("model.fit(x, y, epochs=12, batch_size=20, verbose=0)", batches)
    script.write_text(HEAD + loop + GONE)
    ended = run(script, "-m", "harness.diagnosis", "--json", engine="jax")
    said = json.loads(ended.stdout.strip().rpartition("\n")[2])
    assert said["primary"] == "none"
    assert "Traceback" not in ended.stderr
    assert "could not watch" in ended.stderr
