import os
os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
from keras import layers

keras.config.set_floatx("float64")
keras.utils.set_random_seed(58)

x = [0.5]
for _ in range(1400):  # sine map with a delay
    x.append(0.9 * np.sin(3 * x[-1]) + 0.1 * (x[-2] if len(x) > 1 else 0))
x = np.array(x[100:])

W = 8
wins = np.stack([x[i:i + W] for i in range(len(x) - W)])[..., None]
target = x[W:]
train = slice(0, 1000)
test = slice(1000, None)

model = keras.Sequential([layers.Input((W, 1)), layers.SimpleRNN(24, return_sequences=True), layers.SimpleRNN(24), layers.Dense(1)])
model.compile(keras.optimizers.Adam(3e-3), "mse")
model.fit(wins[train], target[train], epochs=9, batch_size=25, verbose=0,
          callbacks=[keras.callbacks.LearningRateScheduler(lambda e, lr: lr * 0.9)])
p = model.predict(wins[test], verbose=0)[:, 0]
print(p.dtype, "R2", 1 - ((p - target[test]) ** 2).mean() / target[test].var())
