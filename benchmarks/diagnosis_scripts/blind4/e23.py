"""Machine failure prediction from telemetry features (Kaggle style)."""
import os

os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras
from keras import layers

SEED = 11
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)


def load_telemetry(n=5000, failure_rate=0.03):
    failed = rng.random(n) < failure_rate
    vib = rng.normal(0, 1, n) + 1.3 * failed
    temp = rng.normal(0, 1, n) + 1.1 * failed
    amps = 0.5 * temp + rng.normal(0, 1, n)
    age = rng.exponential(1.0, n) + 0.6 * failed
    rest = rng.normal(0, 1, (n, 4))
    X = np.column_stack([vib, temp, amps, age, rest])
    X = (X - X.mean(0)) / X.std(0)
    return X.astype("float32"), failed.astype("float32")


X, y = load_telemetry()
cut = 3500
X_train, X_test = X[:cut], X[cut:]
y_train, y_test = y[:cut], y[cut:]
print("train", X_train.shape, "failures", int(y_train.sum()))
print("test ", X_test.shape, "failures", int(y_test.sum()))

inputs = keras.Input(shape=(X.shape[1],))
h = layers.Dense(32, activation="relu")(inputs)
h = layers.Dropout(0.2)(h)
h = layers.Dense(16, activation="relu")(h)
outputs = layers.Dense(1, activation="sigmoid")(h)
model = keras.Model(inputs, outputs, name="failure_net")

model.compile(
    optimizer=keras.optimizers.Adam(1e-3),
    loss="binary_crossentropy",
    metrics=["accuracy"],
)
history = model.fit(
    X_train,
    y_train,
    epochs=25,
    batch_size=64,
    validation_split=0.15,
    verbose=0,
)
print("final val accuracy", history.history["val_accuracy"][-1])

proba = model.predict(X_test, verbose=0).ravel()
pred = proba > 0.5
tp = np.sum(pred & (y_test == 1))
tn = np.sum(~pred & (y_test == 0))
recall = tp / max(1, np.sum(y_test == 1))
specificity = tn / np.sum(y_test == 0)
print("confusion: tp=%d of %d, tn=%d of %d" % (tp, (y_test == 1).sum(), tn, (y_test == 0).sum()))
print("balanced accuracy:", (recall + specificity) / 2)
