"""Each edit, made to a Keras script; each runs in a process of its own."""

import os
from importlib.util import find_spec
from pathlib import Path

import pytest

from harness.diagnosis.confirm import rerunning
from harness.diagnosis.edits import REMEDIES
from harness.diagnosis.names import Cause
from harness.diagnosis.rerun import Ended, Plan

pytestmark = [
    pytest.mark.skipif(find_spec("keras") is None, reason="Keras is not installed"),
    pytest.mark.slow,
]

HEAD = """
import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import keras, numpy as np
from keras import layers, losses, optimizers
keras.utils.set_random_seed(0)
x = np.random.standard_normal((400, 2)).astype("float32")
label = (x[:, 0] > 0).astype("float32")
def train(layers, optimizer, loss, x=x, y=label, **given):
    model = keras.Sequential([layers] if not isinstance(layers, list) else layers)
    model.compile(optimizer, loss)
    model.fit(x, y, epochs=12, batch_size=20, verbose=0, **given)
    return model
"""

SLOW = """
rates = optimizers.schedules.ExponentialDecay(1e-6, 100, 0.9)
train([layers.Dense(8, "tanh"), layers.Dense(1, "sigmoid")], optimizers.Adam(rates), "bce")
"""

FAST = """
train([layers.Dense(8, "relu"), layers.Dense(1)], optimizers.SGD(4.0), "mse")
"""

SHIFTED = """
model = train(layers.Dense(1, "sigmoid"), optimizers.SGD(0.1), "binary_crossentropy",
              x=x * [1, 100] + [0, 5000], validation_split=0.2)
model.evaluate(x * [1, 100] + [0, 5000], label, verbose=0)
"""

LARGE = """
y = 3000 + 500 * x[:, :1]
model = train(layers.Dense(1), optimizers.Adam(0.01), "mse", y=y, validation_data=(x, y))
assert abs(model.predict(x, verbose=0).mean() - 3000) < 300, "a prediction is in another unit"
"""

ONE_UNIT = """
train([layers.Dense(8, "relu"), layers.Dense(1, "softmax")], optimizers.Adam(0.02), "bce")
"""

RECTIFIED = """
train([layers.Dense(8, "relu"), layers.Dense(1), layers.ReLU()], optimizers.Adam(0.02), "mse",
      y=-1 - x[:, :1])
"""

FORGETFUL = """
x = np.random.standard_normal((400, 60, 1)).astype("float32")
cell = layers.LSTM(16, unit_forget_bias=False, bias_initializer=keras.initializers.Constant(-2))
model = train([cell, layers.Dense(1, "sigmoid")], optimizers.Adam(0.02), "bce", x=x,
              y=(x[:, 30, 0] > 0).astype("float32"))
"""

SORTED = """
def share(target, output):
    return keras.ops.mean(target)
met, order = [], np.argsort(label)
note = keras.callbacks.LambdaCallback(on_train_batch_end=lambda _, logs: met.append(logs["share"]))
model = keras.Sequential([layers.Dense(1, "sigmoid")])
model.compile("sgd", "bce", metrics=[share])
model.fit(x[order], label[order], batch_size=100, shuffle=False, verbose=0, callbacks=[note])
assert met[0] > 0.2, "the first batch holds one label"
"""


def ended(folder: Path, cause: Cause | None, text: str) -> Ended:
    (folder / "script.py").write_text(HEAD + text)
    said = rerunning(folder / "script.py", [])(Plan(0, cause), 300.0)
    assert said is not None
    return said


@pytest.mark.parametrize(
    ("cause", "text"),
    [
        ("learning_rate_too_low", SLOW),
        ("learning_rate_too_high", FAST),
        ("unnormalized_inputs", SHIFTED),
        ("unscaled_targets", LARGE),
        ("wrong_output_activation", ONE_UNIT),
        ("wrong_output_activation", RECTIFIED),
    ],
)
def test_a_faulty_training_goes_well_with_its_edit_and_only_with_it(
    tmp_path: Path, cause: Cause, text: str
) -> None:
    told = ended(tmp_path, None, text)
    assert (told.made, told.trained.ending != "good") == (True, True)
    told = ended(tmp_path, cause, text)
    assert (told.made, told.crashed, told.trained.ending) == (True, False, "good")


def test_sorted_arrays_are_shuffled(tmp_path: Path) -> None:
    assert ended(tmp_path, None, SORTED).crashed
    told = ended(tmp_path, "not_shuffled", SORTED)
    assert (told.made, told.crashed) == (True, False)


@pytest.mark.parametrize("cause", ["exploding_gradient", "vanishing_gradient"])
def test_gradients_are_clipped_and_gates_opened(tmp_path: Path, cause: Cause) -> None:
    told = ended(tmp_path, cause, FORGETFUL)
    assert (told.made, told.crashed) == (True, False)


def test_a_gate_that_keras_opens_itself_is_no_place_for_the_edit(tmp_path: Path) -> None:
    text = (
        FORGETFUL.partition("cell =")[0]
        + "train([layers.LSTM(4), layers.Dense(1)], 'sgd', 'mse', x=x)"
    )
    assert not ended(tmp_path, "vanishing_gradient", text).made


STALE = """
import torch
class Model(keras.Model):
    def train_step(self, data):
        loss = self.compute_loss(y=data[1], y_pred=self(data[0], training=True))
        loss.backward()
        weights = self.trainable_weights
        with torch.no_grad():
            self.optimizer.apply([weight.value.grad for weight in weights], weights)
        return {"loss": loss}
given = keras.Input((2,))
model = Model(given, layers.Dense(1)(layers.Dense(8, "relu")(given)))
model.compile(optimizers.SGD(0.1, momentum=0.9), "mse")
model.fit(x, label, epochs=6, batch_size=20, verbose=0)
kept = [weight.value.grad for weight in model.trainable_weights]
"""


def test_gradients_are_zeroed_on_the_one_engine_that_keeps_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    text = STALE + "assert all(each is None for each in kept)\n"
    told = ended(tmp_path, "stale_gradients", text)
    assert (told.made, told.crashed) == (True, False)
    assert ended(tmp_path, None, text).crashed


@pytest.mark.skipif(os.environ.get("KERAS_BACKEND", "jax") == "torch", reason="it zeroes itself")
def test_there_is_nothing_to_zero_where_gradients_are_computed_anew(tmp_path: Path) -> None:
    assert not ended(tmp_path, "stale_gradients", ONE_UNIT).made


def test_every_edit_says_what_it_does() -> None:
    names = {edit.name for edit in REMEDIES.values()}
    assert len(names) == len(set(REMEDIES.values()))
