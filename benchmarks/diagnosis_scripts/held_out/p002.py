import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np
from keras.layers import Dense, SimpleRNN

keras.utils.set_random_seed(22)
rng = np.random.default_rng(22)
steps = 60
x = rng.uniform(0, 1, (1200, steps, 2)).astype("float32")
y = (x[:, :, 0] - x[:, :, 1]).sum(1) / 4

model = keras.Sequential([
    SimpleRNN(48, activation="relu"),
    Dense(1),
])
optimizer = keras.optimizers.SGD(learning_rate=0.02, momentum=0.9)
model.compile(optimizer=optimizer, loss="mse")
hist = model.fit(x, y, validation_split=0.2, epochs=25, batch_size=32, verbose=2)
print("validation:", hist.history["val_loss"][-1])
