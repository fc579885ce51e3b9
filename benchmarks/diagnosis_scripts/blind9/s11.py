"""Card fraud from the last 10 transactions of a customer (synthetic)."""
import os

os.environ["KERAS_BACKEND"] = "torch"

import numpy as np
import keras
from keras.layers import LSTM, Dense, Dropout, Input
from keras.models import Sequential

SEED = 17
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)


def customers(n, fraud_rate=0.025):
    amount = rng.normal(0, 1, (n, 10))
    gap = rng.normal(0, 1, (n, 10))
    abroad = (rng.random((n, 10)) < 0.1).astype(float)
    fraud = (rng.random(n) < fraud_rate).astype("int64")
    rows = np.flatnonzero(fraud)
    amount[rows, -4:] += 0.75
    gap[rows, -4:] -= 0.75
    return np.stack([amount, gap, abroad], -1).astype("float32"), fraud


X_train, y_train = customers(3000)
X_test, y_test = customers(3000)
weight = None

model = Sequential([Input((10, 3)), LSTM(12), Dropout(0.1), Dense(1, activation="sigmoid")])
model.compile(loss="binary_crossentropy", optimizer=keras.optimizers.Adam(4e-3), metrics=["accuracy"])
model.fit(X_train, y_train, epochs=6, batch_size=64, class_weight=weight, verbose=2)

p = model.predict(X_test, batch_size=1000, verbose=0).ravel() > 0.5
print("accuracy", np.mean(p == y_test))
print("confusion [tn fp fn tp]", [int(np.sum((y_test == a) & (p == b))) for a in (0, 1) for b in (0, 1)])
recall0 = np.mean(~p[y_test == 0])
recall1 = np.mean(p[y_test == 1])
print("mean recall of the two classes %.3f" % ((recall0 + recall1) / 2))
