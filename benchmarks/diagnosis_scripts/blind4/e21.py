"""Machine failure prediction from telemetry features (Kaggle style), few failures."""
import os

os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras
from keras import layers

SEED = 11
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)


def load_telemetry(n=5000, failure_rate=0.05):
    failed = rng.random(n) < failure_rate
    vib = rng.normal(0, 1, n) + 1.5 * failed
    temp = rng.normal(0, 1, n) + 1.4 * failed
    amps = 0.5 * temp + rng.normal(0, 1, n)
    age = rng.exponential(1.0, n) + 1.0 * failed
    rest = rng.normal(0, 1, (n, 4))
    X = np.column_stack([vib, temp, amps, age, rest])
    X = (X - X.mean(0)) / X.std(0)
    return X.astype("float32"), failed.astype("float32")


X, y = load_telemetry()
cut = 3500
X_train, X_test = X[:cut], X[cut:]
y_train, y_test = y[:cut], y[cut:]
share = y_train.mean()
class_weight = {0: 0.5 / (1 - share), 1: 0.5 / share}
print("weights", class_weight)

inputs = keras.Input(shape=(X.shape[1],))
h = layers.Dense(16, activation="relu")(inputs)
h = layers.Dropout(0.2)(h)
outputs = layers.Dense(1, activation="sigmoid")(h)
model = keras.Model(inputs, outputs, name="failure_net")
model.compile(
    optimizer=keras.optimizers.Adam(2e-3),
    loss="binary_crossentropy",
    metrics=[keras.metrics.AUC(name="auc"), keras.metrics.Recall(name="recall")],
)
model.fit(X_train, y_train, epochs=20, batch_size=64, class_weight=class_weight, verbose=2)

pred = model.predict(X_test, verbose=0).ravel() > 0.5
tp = np.sum(pred & (y_test == 1))
tn = np.sum(~pred & (y_test == 0))
recall = tp / max(1, np.sum(y_test == 1))
specificity = tn / np.sum(y_test == 0)
print("recall %.3f specificity %.3f" % (recall, specificity))
print("balanced accuracy:", (recall + specificity) / 2)
