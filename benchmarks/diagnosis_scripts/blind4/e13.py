import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras
from keras.models import Sequential
from keras.layers import Dense, Input

# Churn prediction on a small CRM export
keras.utils.set_random_seed(8)
rng = np.random.default_rng(8)

n = 900
X = rng.normal(size=(n, 30)).astype("float32")
logit = 1.3 * X[:, 0] - 1.0 * X[:, 1] + 0.8 * X[:, 2] + 0.4 * X[:, 3]
y = (rng.random(n) < 1 / (1 + np.exp(-logit))).astype("float32")

X_train, y_train = X[:500], y[:500]
X_test, y_test = X[500:], y[500:]

model = Sequential()
model.add(Input((30,)))
model.add(Dense(256, activation="relu"))
model.add(Dense(256, activation="relu"))
model.add(Dense(128, activation="relu"))
model.add(Dense(1, activation="sigmoid"))
model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])

history = model.fit(
    X_train, y_train,
    epochs=120,
    batch_size=32,
    validation_data=(X_test, y_test),
    verbose=0,
)
for e in range(0, len(history.history["loss"]), 10):
    print("Epoch %3d" % e, "loss %.4f acc %.3f val_loss %.4f val_acc %.3f" % tuple(
        history.history[k][e] for k in ("loss", "accuracy", "val_loss", "val_accuracy")))

loss, acc = model.evaluate(X_test, y_test, verbose=0)
print("test accuracy", acc)
print("test log loss", loss)
