import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

keras.utils.set_random_seed(9)
rng = np.random.default_rng(9)
# five kinds of short rhythm, one-hot
patterns = rng.integers(0, 2, size=(5, 16)).astype("float32")
kind = rng.integers(0, 5, 1500)
x = (np.abs(patterns[kind] - (rng.random((1500, 16)) < 0.08)))[..., None].astype("float32")
y = keras.utils.to_categorical(kind, 5)

model = keras.Sequential()
model.add(keras.layers.Input((16, 1)))
model.add(keras.layers.Bidirectional(keras.layers.LSTM(20)))
model.add(keras.layers.Dense(5, activation="softmax"))
opt = keras.optimizers.SGD(learning_rate=1e-4)
model.compile(opt, loss="categorical_crossentropy", metrics=["categorical_accuracy"])
model.fit(x[:1200], y[:1200], epochs=25, batch_size=25, validation_data=(x[1200:], y[1200:]), verbose=2)
print("test", model.evaluate(x[1200:], y[1200:], verbose=0))
