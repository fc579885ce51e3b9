import os

os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(1)
rng = np.random.default_rng(1)
x = rng.standard_normal((1500, 18, 4)).astype("float32")
y = (x[:, :, 0].mean(1) > x[:, :, 1].mean(1)).astype(int)

init = keras.initializers.RandomNormal(stddev=5.0, seed=1)
model = keras.Sequential([
    layers.Input((18, 4)),
    layers.LSTM(32, kernel_initializer=init, recurrent_initializer=init),
    layers.Dense(32, activation="tanh", kernel_initializer=init),
    layers.Dense(2, activation="softmax", kernel_initializer=init),
])
model.compile(optimizer=keras.optimizers.Adam(2e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
r = model.fit(x, y, epochs=12, batch_size=32, validation_split=0.25, verbose=2)
print("val_acc:", r.history["val_accuracy"][-1])
