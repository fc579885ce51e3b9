import os
os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(37)
rng = np.random.default_rng(37)

# parity of the number of ones at the two marked positions
T = 10
bits = rng.integers(0, 2, (1600, T))
marks = np.zeros((1600, T), dtype=int)
for i in range(1600):
    marks[i, rng.choice(T, 2, replace=False)] = 1
y = (bits * marks).sum(1) % 2
x = np.stack([bits * 2 - 1, marks], -1).astype("float32")

net = keras.Sequential([layers.Input((T, 2)), layers.LSTM(32), layers.Dense(2)])
net.compile(
    optimizer=keras.optimizers.Adam(0.015, gradient_accumulation_steps=4),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
stop = keras.callbacks.EarlyStopping("val_accuracy", patience=12, restore_best_weights=True, mode="max")
net.fit(x[:1280], y[:1280], batch_size=16, epochs=14, validation_data=(x[1280:], y[1280:]), verbose=2, callbacks=[stop])
print("parity right: %.3f" % net.evaluate(x[1280:], y[1280:], verbose=0)[1])
