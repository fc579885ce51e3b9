"""Keras scripts with a mistake in their network or loop, and some without one."""

from tests.diagnosis.keras_scripts.parts import CLASSES, LOOP, MEMORY, PLAIN, TWO

NETWORK = {
    "train_mode_missing in a loop of PyTorch": LOOP,
    "none in a loop that asks for training": LOOP.replace("[rows])[:", "[rows], training=True)[:"),
    "none of logits that are cut at zero": CLASSES.replace("x, y", "x, label"),
    "none of a head on a frozen base": PLAIN.replace(
        '"tanh")', '"tanh"), keras.layers.Dropout(0.1)'
    ) + """
import torch
model.trainable = False
head = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
""" + LOOP[LOOP.index("optimizer ="):].replace("(model.p", "(head.p")
    .replace("model(torch.tensor(x)[rows])", "head(model(torch.tensor(x)[rows]))"),
    "none of named inputs": PLAIN.replace("keras.layers.Input((4,))", "keras.Input((4,), name='x')")
    .replace("fit(x", "fit({'x': x}").replace("verbose", "validation_split=0.2, verbose"),
    "saturated_activation": PLAIN.replace(
        '"tanh")', '"tanh", bias_initializer=keras.initializers.Constant(40.0))'
    ),
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
    "none of distributions": PLAIN.replace(
        '"mse"', "lambda t, p: (keras.ops.mean(t) - keras.ops.mean(p)) ** 2 + "
        "(keras.ops.std(t) - keras.ops.std(p)) ** 2"
    ),
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
    "saturated_activation that costs a part": PLAIN.replace("keras.layers.Dense(8,",
        "keras.layers.Rescaling(40.0), keras.layers.Dense(32,").replace("epochs=12", "epochs=25"),
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
