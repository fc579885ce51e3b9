import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from keras import layers

# predictive maintenance: 24 hours of 3 sensors -> will the pump stop within a day?
keras.utils.set_random_seed(11)
rng = np.random.default_rng(11)


def make_pumps(n):
    X = rng.normal(0, 1, size=(n, 24, 3)).astype("float32")
    y = (rng.random(n) < 0.04).astype("int32")
    drift = np.linspace(0.1, 0.75, 24, dtype="float32")
    X[y == 1, :, 0] += drift
    X[y == 1, :, 1] -= drift
    return X, y


X_train, y_train = make_pumps(3000)
X_test, y_test = make_pumps(3000)
print("train", X_train.shape, "stops in train:", y_train.sum())

model = keras.Sequential(
    [
        layers.Input((24, 3)),
        layers.LSTM(16),
        layers.Dense(8, activation="relu"),
        layers.Dense(1, activation="sigmoid"),
    ]
)
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
model.fit(X_train, y_train, epochs=6, batch_size=64, validation_data=(X_test, y_test), verbose=2)

pred = (model.predict(X_test, verbose=0).ravel() > 0.5).astype(int)
recall = (pred[y_test == 1] == 1).mean()
specificity = (pred[y_test == 0] == 0).mean()
print(f"accuracy {np.mean(pred == y_test):.3f}")
print(f"recall on stops {recall:.3f}, on the rest {specificity:.3f}")
print(f"balanced accuracy {(recall + specificity) / 2:.3f}")
