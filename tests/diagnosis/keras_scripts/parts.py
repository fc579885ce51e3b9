"""What Keras scripts are made of: data, a network that learns them, and other loops."""

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
