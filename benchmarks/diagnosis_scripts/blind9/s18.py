"""Long signal cut into consecutive pieces; the state is carried from piece to piece."""
import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from keras import layers, ops

STREAMS, PIECE, PIECES = 20, 10, 30
keras.utils.set_random_seed(33)


def streams(seed):
    """Inputs are rare switches up or down; the target is the level switched to last."""
    g = np.random.default_rng(seed)
    length = PIECE * PIECES
    x = np.zeros((STREAMS, length, 1), "float32")
    y = np.zeros((STREAMS, length, 1), "float32")
    for s in range(STREAMS):
        level = 0.0
        for t in range(length):
            if g.random() < 0.06:
                level = float(g.choice([-1.0, 1.0]))
                x[s, t, 0] = level
            y[s, t, 0] = level
    return x, y


class Carry(layers.Layer):
    """An LSTM that goes on from the state it ended in."""

    def __init__(self, rows, units):
        super().__init__()
        self.lstm = layers.LSTM(units, return_sequences=True, return_state=True)
        self.h = self.add_weight(shape=(rows, units), initializer="zeros", trainable=False, name="h")
        self.c = self.add_weight(shape=(rows, units), initializer="zeros", trainable=False, name="c")

    def call(self, x):
        out, h, c = self.lstm(x, initial_state=[self.h, self.c])
        self.h.assign(ops.stop_gradient(h))
        self.c.assign(ops.stop_gradient(c))
        return out

    def restart(self):
        self.h.assign(np.zeros(self.h.shape))
        self.c.assign(np.zeros(self.c.shape))


carry = Carry(STREAMS, 24)
model = keras.Sequential(
    [
        layers.Input(batch_shape=(STREAMS, PIECE, 1)),
        carry,
        layers.Dense(1),
    ]
)
model.compile(optimizer=keras.optimizers.Adam(1e-2), loss="mse")


def pieces(a):
    """Batch k holds piece k of every stream, so that row s goes on where row s left off."""
    return np.concatenate([a[:, k * PIECE : (k + 1) * PIECE] for k in range(PIECES)])


x, y = streams(1)
x_val, y_val = streams(2)
for epoch in range(14):
    carry.restart()
    h = model.fit(pieces(x), pieces(y), batch_size=STREAMS, epochs=1, shuffle=False, verbose=0)
    if epoch % 4 == 3:
        print("epoch", epoch + 1, "mse %.4f" % h.history["loss"][0])

carry.restart()
pred = model.predict(pieces(x_val), batch_size=STREAMS, verbose=0)
truth = pieces(y_val)
print("R2 on new streams: %.3f" % (1 - np.mean((pred - truth) ** 2) / truth.var()))
