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

pytestmark = pytest.mark.skipif(find_spec("keras") is None, reason="Keras is not installed")

HEAD = """
import numpy as np, keras
keras.utils.set_random_seed(0)
rng = np.random.default_rng(0)
x = rng.uniform(-1, 1, (300, 4)).astype("float32")
y = (x[:, 0] + x[:, 1]).astype("float32")
label = (y > 0).astype("float32")
"""

PLAIN = """
model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(8, activation="tanh"),
                          keras.layers.Dense(1)])
model.compile(keras.optimizers.Adam(0.02), "mse")
model.fit(x, y, epochs=12, batch_size=20, verbose=0)
"""

TWO = """
given = keras.Input((4,))
hidden = keras.layers.Dense(16, activation="relu")(given)
value, flag = keras.layers.Dense(1)(hidden), keras.layers.Dense(1, activation="sigmoid")(hidden)
model = keras.Model(given, {"value": value, "flag": flag})
model.compile(keras.optimizers.Adam(0.02), {"flag": "binary_crossentropy", "value": "mse"})
model.fit(x, {"value": 10 * y + 20, "flag": label}, epochs=15, batch_size=20, verbose=0)
"""

LOOP = """
import torch
model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(8, activation="tanh"),
                          keras.layers.BatchNormalization(), keras.layers.Dense(1)])
optimizer = torch.optim.Adam(model.parameters(), 0.02)
for epoch in range(6):
    model.train()
    for rows in torch.randperm(300).split(20):
        loss = ((model(torch.tensor(x)[rows])[:, 0] - torch.tensor(y)[rows]) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
"""

CLASSES = PLAIN.replace(
    '"mse"',
    "keras.losses.BinaryCrossentropy(from_logits=True), "
    "metrics=[keras.metrics.BinaryAccuracy(threshold=0)]",
)

MEMORY = """
class Memory(keras.layers.Layer):
    def build(self, shape):
        self.kept = self.add_weight(shape=(20, 4), initializer="zeros", trainable=False)
    def call(self, x):
        out = x + 0.9 * self.kept
        self.kept.assign(out)
        return out
""" + PLAIN.replace("keras.layers.Dense(8,", "Memory(), keras.layers.Dense(8,").replace(
    "Input((4,))", "Input(batch_shape=(20, 4))"
)

FAULTS = {
    "train_mode_missing in a loop of PyTorch": LOOP,
    "none in a loop that asks for training": LOOP.replace("[rows])[:", "[rows], training=True)[:"),
    "none of logits that are cut at zero": CLASSES.replace("x, y", "x, label"),
    "wrong_metric in NumPy": CLASSES.replace("x, y", "x, label")
    + "print(np.mean((model.predict(x, verbose=0) > 0) == label))",
    "none of a head on a frozen base": PLAIN.replace(
        '"tanh")', '"tanh"), keras.layers.Dropout(0.1)'
    ) + """
import torch
model.trainable = False
head = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
""" + LOOP[LOOP.index("optimizer ="):].replace("(model.p", "(head.p")
    .replace("model(torch.tensor(x)[rows])", "head(model(torch.tensor(x)[rows]))"),
    "shape_mismatch of series that a view has renamed": PLAIN.replace("keras.layers.Input((4,))",
        "keras.layers.Input((20, 3)), keras.layers.SimpleRNN(4)")
    .replace("fit(x, y", "fit(z, label").replace("Dense(1)", "Dense(1, 'sigmoid')")
    .replace('"mse"', '"binary_crossentropy"')
    .replace("model = ", """raw = rng.normal(size=(300, 3, 20)).astype("float32")
raw[:, 1] += np.where(label[:, None] > 0, 1, -1) * np.linspace(-1.5, 1.5, 20)
z = raw.reshape(300, 20, 3)
model = """),
    "none of named inputs": PLAIN.replace("keras.layers.Input((4,))", "keras.Input((4,), name='x')")
    .replace("fit(x", "fit({'x': x}").replace("verbose", "validation_split=0.2, verbose"),
    "wrong_metric": PLAIN.replace('"mse"', "keras.losses.BinaryCrossentropy(from_logits=True), "
                                  'metrics=["binary_accuracy"]').replace("x, y", "x, label")
    .replace("0.02", "0.002"),
    "shape_mismatch": PLAIN.replace('"mse"', "lambda t, p: keras.ops.mean((t[:, 0] - p) ** 2)")
    .replace("x, y", "x, y[:, None]"),
    "wrong_loss": PLAIN.replace('"mse"', "lambda t, p: -keras.ops.mean((t - p) ** 2)"),
    "saturated_activation": PLAIN.replace(
        '"tanh")', '"tanh", bias_initializer=keras.initializers.Constant(40.0))'
    ),
    "shape_mismatch once Keras has squeezed": PLAIN.replace("keras.layers.Dense(8,", "keras.layers."
        "Reshape((4, 1)), keras.layers.GRU(8, return_sequences=True,")
    .replace('"mse"', "lambda t, p: keras.ops.mean((t - p[:, -1]) ** 2)")
    .replace("x, y", "x, y[:, None]"),
    "wrong_loss of a direction": PLAIN.replace('"mse"', "keras.losses.CosineSimilarity()"),
    "shape_mismatch in what the network computes itself": """
class Own(keras.Sequential):
    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None):
        return keras.ops.mean((y - y_pred) ** 2)
""" + PLAIN.replace("keras.Sequential", "Own").replace(', "mse"', ""),
    "none of what the network computes itself": """
class Own(keras.Sequential):
    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None):
        return keras.ops.mean((y - y_pred[:, 0]) ** 2)
""" + PLAIN.replace("keras.Sequential", "Own").replace(', "mse"', ""),
    "stale_gradients": """
class Own(keras.Sequential):
    def train_step(self, data):
        loss = self.compute_loss(y=data[1], y_pred=self(data[0]))
        loss.backward()
        weights = self.trainable_weights
        self.optimizer.apply([weight.value.grad for weight in weights], weights)
        return {"loss": loss.detach()}
""" + PLAIN.replace("keras.Sequential", "Own"),
    "wrong_loss whose name says nothing": PLAIN.replace(
        '"mse"', "lambda t, p: keras.ops.sqrt(keras.ops.mean((t - p) ** 2)) * -3"
    ),
    "wrong_output_activation before a loss of its own": PLAIN.replace(
        "Dense(1)", "Dense(1, activation='sigmoid')"
    ).replace(
        '"mse"', "lambda t, p: keras.losses.binary_crossentropy(t, p, from_logits=True)"
    ).replace("x, y", "x, label"),
    "wrong_output_activation of one of two": TWO.replace('"sigmoid"', '"softmax"'),
    "unscaled_targets of one of two": TWO.replace("10 * y + 20", "1000 * y + 9000"),
    "none of distributions": PLAIN.replace(
        '"mse"', "lambda t, p: (keras.ops.mean(t) - keras.ops.mean(p)) ** 2 + "
        "(keras.ops.std(t) - keras.ops.std(p)) ** 2"
    ),
    "shape_mismatch within a class": """
class Own(keras.losses.Loss):
    def call(self, y_true, y_pred):
        return keras.ops.sqrt(1 + (y_true - y_pred) ** 2) - 1
""" + PLAIN.replace('"mse"', "Own()"),
    "none of a student": """
layers = keras.layers
class Student(keras.Model):
    def __init__(self, teacher):
        super().__init__()
        self.teacher, self.own = teacher, layers.Dense(1)
    def call(self, x):
        return self.own(x)
    def train_step(self, data):
        self.own.zero_grad()
        loss = keras.ops.mean((self.own(data[0]) - self.teacher(data[0]).detach()) ** 2)
        loss.backward()
        weights = self.own.trainable_weights
        self.optimizer.apply([weight.value.grad for weight in weights], weights)
        return {"loss": loss.detach()}
""" + PLAIN + """
student = Student(model)
student.compile(keras.optimizers.Adam(0.02))
student.fit(x, y, epochs=12, batch_size=20, verbose=0)
""",
    "none of a policy": PLAIN.replace("Dense(1)", "Dense(2, activation='softmax')").replace(
        '"mse"', '"sparse_categorical_crossentropy"'
    ).replace(
        "x, y,", "x, (rng.uniform(size=300) < 0.1).astype(int), sample_weight=rng.normal(size=300),"
    ),
    "none": PLAIN,
    "none of logarithms of rates": PLAIN.replace(
        '"mse"', "lambda t, p: keras.ops.mean(keras.ops.exp(p) - t * p)"
    ).replace("x, y", "x, rng.poisson(np.exp(2 * y)).astype('float32')"),
    "none of two outputs in other units": TWO,
    "none of networks that take turns": """
layers = keras.layers
maker = keras.Sequential([layers.Input((3,)), layers.Dense(16, activation="relu"), layers.Dense(4)])
judge = keras.Sequential([layers.Input((4,)), layers.Dense(16, activation="relu"),
                          layers.Dense(1, activation="sigmoid")])
judge.compile(keras.optimizers.Adam(0.002), "binary_crossentropy")
judge.trainable = False
noise = keras.Input((3,))
both = keras.Model(noise, judge(maker(noise)))
both.compile(keras.optimizers.Adam(0.002), "binary_crossentropy")
for step in range(40):
    drawn = rng.normal(size=(20, 3)).astype("float32")
    judge.trainable = True
    judge.train_on_batch(x[rng.integers(0, 300, 20)], np.ones((20, 1)))
    judge.train_on_batch(maker.predict_on_batch(drawn), np.zeros((20, 1)))
    judge.trainable = False
    both.train_on_batch(drawn, np.ones((20, 1)))
""",
    "train_mode_missing in a step of its own": """
class Own(keras.Sequential):
    def train_step(self, data):
        self.zero_grad()
        loss = self.compute_loss(y=data[1], y_pred=self(data[0], training=False))
        loss.backward()
        weights = self.trainable_weights
        self.optimizer.apply([weight.value.grad for weight in weights], weights)
        return {"loss": loss.detach()}
""" + PLAIN.replace("keras.Sequential", "Own").replace(
        "keras.layers.Dense(1)", "keras.layers.Dropout(0.5), keras.layers.Dense(1)"
    ),
    "wrong_output_activation of several labels": PLAIN.replace(
        "Dense(1)", "Dense(3, activation='softmax')"
    ).replace('"mse"', '"binary_crossentropy"').replace("x, y", "x, (x[:, :3] > 0) * 1.0"),
    "unnormalized_inputs that shut the output": PLAIN.replace(
        "Dense(1)", "Dense(1, activation='sigmoid')"
    ).replace('"mse"', '"binary_crossentropy"').replace('"tanh"', '"relu"')
    .replace("x, y", "x * [1, 1, 9e4, 1] + [0, 0, 9e4, 0], label"),
    "not_shuffled in a data set": """
class Rows(keras.utils.PyDataset):
    def __len__(self):
        return 15
    def __getitem__(self, at):
        return x[20 * at : 20 * at + 20], label[20 * at : 20 * at + 20]
x = x[np.argsort(x[:, 0] * x[:, 1])]
label = np.arange(300) // 60
""" + PLAIN.replace("Dense(1)", "Dense(5, activation='softmax')").replace(
        '"mse"', '"sparse_categorical_crossentropy"'
    ).replace("x, y, epochs=12, batch_size=20", "Rows(), epochs=8, shuffle=False"),
    "frozen_parameters of a copy": """
base = keras.Sequential([keras.layers.Input((40, 1)), keras.layers.LSTM(4)])
first = keras.Sequential([base, keras.layers.Dense(1)])
long = rng.normal(size=(200, 40, 1))
said = (long[:, ::2, 0].sum(1) > long[:, 1::2, 0].sum(1)).astype(int)
first.compile(keras.optimizers.Adam(0.01), "mse")
first.fit(long, long[:, 0], epochs=1, batch_size=20, verbose=0)
copy = keras.models.clone_model(base)
copy.trainable = False
model = keras.Sequential([copy, keras.layers.Dense(2, activation="softmax")])
model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
model.fit(long, said, epochs=12, batch_size=20, verbose=0)
""",
    "stale_state of a layer of its own": MEMORY,
    "stale_state of records that a loop puts in order": MEMORY.replace(
        "model.fit(x, y, epochs=12", """
for epoch in range(6):
    at = rng.permutation(300)
    model.fit(x[at], y[at], shuffle=False"""),
    "none of dropout": PLAIN.replace(
        "keras.layers.Dense(1)", "keras.layers.Dropout(0.2), keras.layers.Dense(1)"
    ),
    "broken_graph of layers that a first call builds": """
import torch
class Cut(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden, self.last = keras.layers.LSTM(8), keras.layers.Dense(1)
    def call(self, x):
        return self.last(self.hidden(x).detach())
model = Cut()
model(x[:1, :, None])
held = list(model.parameters())
assert not any(weight.is_meta for weight in held), held
optimizer = torch.optim.Adam(held, 0.003)
for at in range(0, 300, 20):
    optimizer.zero_grad()
    output = model(torch.tensor(x[at : at + 20, :, None]))
    torch.nn.functional.mse_loss(output[:, 0], torch.tensor(y[at : at + 20])).backward()
    optimizer.step()
""",
    "overfitting of records that were evaluated after the others": PLAIN.replace("8,", "64,")
    .replace("x, y, epochs=12", "x[:60], z[:60], epochs=80").replace("model = ", """
x = rng.normal(size=(300, 30)).astype("float32")
z = (x[:, 0] + rng.normal(size=300)).astype("float32")
model = """).replace("(4,)", "(30,)") + """
print(model.evaluate(x[:60], z[:60], verbose=0), model.evaluate(x[60:], z[60:], verbose=0))
""",
    "wrong_metric of class numbers": PLAIN.replace('"mse"', '"mse", metrics=["accuracy"]')
    .replace("x, y", "x, np.digitize(y, [-0.4, 0.4])"),
    "labels_misaligned where records were missing": PLAIN.replace("model = ", """
x[rng.permutation(300)[:30], 0] = np.nan
full = ~np.isnan(x).any(axis=1)
known, told = x[full], y[: full.sum()]
model = """).replace("fit(x, y", "fit(known, told"),
    "saturated_activation that costs a part": PLAIN.replace("keras.layers.Dense(8,",
        "keras.layers.Rescaling(40.0), keras.layers.Dense(32,").replace("epochs=12", "epochs=25"),
    "no_signal in word numbers that are divided by their norm": """
layers = keras.layers
words = rng.integers(1, 40, (300, 12))
said = (words[:, 3] > 20).astype("float32")
words = keras.utils.normalize(words)
model = keras.Sequential([layers.Embedding(40, 8), layers.Flatten(), layers.Dense(1, "sigmoid")])
model.compile(keras.optimizers.Adam(0.02), "binary_crossentropy")
model.fit(words, said, epochs=15, verbose=0)
""",
    "wrong_metric of its own": """
def acc(labels, logits):
    return keras.ops.mean(labels == keras.ops.round(logits[:, 0]))
""" + CLASSES.replace("keras.metrics.BinaryAccuracy(threshold=0)", "acc")
    .replace("x, y", "x, label"),
    "unnormalized_inputs from a generator": """
def batches():
    while True:
        rows = rng.permutation(300)[:20]
        yield x[rows] * [1, 1, 900, 1] + [0, 0, 900, 0], y[rows]
""" + PLAIN.replace("x, y, epochs=12, batch_size=20", "batches(), steps_per_epoch=15, epochs=12"),
    "labels_misaligned in a data set": """
class Rows(keras.utils.PyDataset):
    def __len__(self):
        return 15
    def __getitem__(self, at):
        return x[20 * at : 20 * at + 20], label[20 * at : 20 * at + 20]
    def on_epoch_end(self):
        rng.shuffle(x)
""" + PLAIN.replace("Dense(1)", "Dense(1, activation='sigmoid')").replace(
        '"mse"', '"binary_crossentropy"'
    ).replace("x, y, epochs=12, batch_size=20", "Rows(), epochs=12"),
    "shape_mismatch of a view by the same name": PLAIN.replace("keras.layers.Input((4,))",
        "keras.layers.Input((20, 3)), keras.layers.SimpleRNN(4)")
    .replace("fit(x, y", "fit(z, label").replace("Dense(1)", "Dense(1, 'sigmoid')")
    .replace('"mse"', '"binary_crossentropy"')
    .replace("model = ", """z = rng.normal(size=(300, 3, 20)).astype("float32")
z[:, 1] += np.where(label[:, None] > 0, 1, -1) * np.linspace(-1.5, 1.5, 20)
z = z.reshape(300, 20, 3)
model = """),
    "none of padded sentences": """
layers = keras.layers
words, lengths = rng.integers(1, 9, (240, 8)), rng.integers(3, 9, 240)
tags = words % 3
words[np.arange(8) >= lengths[:, None]] = 0
tags[np.arange(8) >= lengths[:, None]] = 0
model = keras.Sequential([layers.Embedding(9, 8, mask_zero=True),
                          layers.GRU(16, return_sequences=True), layers.Dense(3, "softmax")])
model.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy")
model.fit(words[:200], tags[:200], validation_data=(words[200:], tags[200:]), epochs=12, verbose=0)
""",
}  # fmt: skip


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
