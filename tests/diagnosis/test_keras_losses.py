"""Keras losses that no name tells: known by their values, in one process for all of them."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import harness

pytestmark = pytest.mark.skipif(find_spec("keras") is None, reason="Keras is not installed")

ASKED = """
import json, os
os.environ["KERAS_BACKEND"] = "torch"
import keras, numpy as np
from keras import losses, ops
from harness.diagnosis.watch.keras_own_loss import on_the_targets_scale
from harness.diagnosis.watch.keras_recognised import recognised

rng = np.random.default_rng(0)
number, rate = rng.normal(size=(40, 1)).astype("float32"), rng.poisson(3.0, 40).astype("float32")
bit, label = (number > 0).astype("float32"), rng.integers(0, 3, 40)
hot = np.eye(3, dtype="float32")[label]

def of(loss, outputs, targets):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(outputs)])
    model.compile("adam", loss)
    answer = np.zeros((40, outputs), "float32")
    found = recognised(model, answer, targets)
    alike = on_the_targets_scale(model, targets, answer)
    return [found.kind, found.negated, found.same, alike]

print(json.dumps({
    "root": of(lambda t, p: ops.sqrt(ops.mean((t - p) ** 2)), 1, number),
    "absolute": of(lambda t, p: ops.mean(ops.abs(t - p), -1), 1, number),
    "minus": of(lambda t, p: -ops.mean((t - p) ** 2), 1, number[:, 0]),
    "difference": of(lambda t, p: ops.mean(p - t), 1, number),
    "logits": of(lambda t, p: losses.binary_crossentropy(t, p, from_logits=True), 1, bit),
    "written": of(lambda t, p: -ops.mean(t * ops.log(p) + (1 - t) * ops.log(1 - p)), 1, bit),
    "twice": of(lambda t, p: 2 * losses.sparse_categorical_crossentropy(t, p), 3, label),
    "scores": of(lambda t, p: losses.categorical_crossentropy(t, p, from_logits=True), 3, hot),
    "quantile": of(lambda t, p: ops.mean(ops.maximum(0.9 * (t - p), 0.1 * (p - t))), 1, number),
    "rates": of(losses.Poisson(), 1, rate),
    "logarithms": of(lambda t, p: ops.mean(ops.exp(p) - t * p), 1, rate),
    "direction": of(losses.CosineSimilarity(), 3, rng.normal(size=(40, 3))),
    "critic": of(lambda t, p: -ops.mean(t * p), 1, number),
}))
"""

KNOWN = {
    "root": ["mse", False, False, True],
    "absolute": ["mae", False, True, True],
    "minus": ["mse", True, True, False],
    "difference": ["signed", False, True, False],
    "logits": ["bce_logits", False, True, False],
    "written": ["bce", False, True],  # outside of 0 and 1 it is no number
    "twice": ["nll", False, False, False],
    "scores": ["cross_entropy", False, True, False],
    "quantile": ["other", False, False, True],
    "rates": ["other", False, False, True],
    "logarithms": ["other", False, False, False],
    "direction": ["other", False, False, False],
    "critic": ["other", False, False, False],
}


def test_a_loss_is_known_by_its_values(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(ASKED)
    root = str(Path(harness.__file__).parents[1])
    ended = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=True, cwd=root
    )
    said = json.loads(ended.stdout.strip().rpartition("\n")[2])
    assert {name: found[: len(KNOWN[name])] for name, found in said.items()} == KNOWN
