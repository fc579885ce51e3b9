import os
os.environ["KERAS_BACKEND"] = "jax"
import numpy as np
import keras
from keras.layers import GRU, Dense, Dropout

rng = np.random.default_rng(40)
keras.utils.set_random_seed(40)

# usage of a service over 12 weeks, and whether the customer left in spring
usage = rng.standard_normal((1200, 12, 3)).astype("float32")
churn = rng.integers(0, 2, 1200)

m = keras.Sequential()
m.add(GRU(24))
m.add(Dropout(0.2))
m.add(Dense(1, activation="sigmoid"))
m.compile(optimizer=keras.optimizers.Adam(0.002), loss="binary_crossentropy", metrics=["accuracy"])
m.fit(usage[:960], churn[:960], epochs=15, batch_size=32, validation_split=0.1, verbose=2)
loss, acc = m.evaluate(usage[960:], churn[960:], verbose=0)
print("test_loss", loss, "test_acc", acc)
