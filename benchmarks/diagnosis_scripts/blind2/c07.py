import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras
from keras.models import Sequential
from keras.layers import Masking, LSTM, Dense, Input

keras.utils.set_random_seed(141)
rng = np.random.default_rng(141)


def padded(n, longest=14):
    """Sequences of 4 to 14 spins; is the product of the first two positive?"""
    x = np.full((n, longest, 1), -9.0, "float32")
    y = np.zeros(n, "float32")
    for i, size in enumerate(rng.integers(4, longest + 1, n)):
        s = rng.choice([-1.0, 1.0], size)
        x[i, :size, 0] = s
        y[i] = s[0] * s[1] > 0
    return x, y


x, y = padded(2000)
xt, yt = padded(500)
model = Sequential()
model.add(Input((14, 1)))
model.add(Masking(mask_value=-9.0))
model.add(LSTM(32))
model.add(Dense(1, activation="sigmoid"))
model.compile(optimizer=keras.optimizers.Adam(5e-3), loss="binary_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=30, batch_size=32, verbose=2, validation_data=(xt, yt))
print("accuracy", model.evaluate(xt, yt, verbose=0)[1])
