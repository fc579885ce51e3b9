import os
os.environ["KERAS_BACKEND"] = "jax"
import numpy as np
import keras
from keras.layers import Dense

keras.utils.set_random_seed(4)
rng = np.random.default_rng(4)
n = 600
x = rng.normal(size=(n, 6)).astype("float32")
y = (x[:, :3].sum(1) + rng.normal(0, 2.0, size=n)).astype("float32")

model = keras.Sequential([keras.Input((6,))])
for width in (512, 512, 512, 512):
    model.add(Dense(width, activation="relu"))
model.add(Dense(1))
model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="mse")
model.summary()
log = model.fit(x[:200], y[:200], epochs=80, batch_size=30, validation_data=(x[200:], y[200:]), verbose=2)
p = model.predict(x[200:], verbose=0).ravel()
print("R2", 1 - ((p - y[200:]) ** 2).mean() / y[200:].var())
