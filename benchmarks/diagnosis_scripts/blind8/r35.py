import os
os.environ["KERAS_BACKEND"] = "torch"
import io

import numpy as np
import keras

keras.utils.set_random_seed(13)
rng = np.random.default_rng(13)

# --- build something that looks like the exported csv -------------------------------------
rows = []
for machine in range(300):
    worn = machine % 3 == 0
    temp = 60 + (8 if worn else 0) + 3 * rng.standard_normal()
    for minute in range(10):
        temp += (0.5 if worn else 0.0) + 0.4 * rng.standard_normal()
        current = 3.1 + 0.02 * temp + 0.2 * rng.standard_normal()
        cell = "" if rng.random() < 0.01 else f"{current:.3f}"
        rows.append(f"{machine},{minute},{temp:.2f},{cell},{int(worn)}")
csv = io.StringIO("machine,minute,temp,current,worn\n" + "\n".join(rows))

# --- load ---------------------------------------------------------------------------------
table = np.genfromtxt(csv, delimiter=",", skip_header=1)
columns = table[:, 2:4]
columns = (columns - np.nanmean(columns, axis=0)) / np.nanstd(columns, axis=0)
X = columns.reshape(300, 10, 2).astype("float32")
y = table[:, 4].reshape(300, 10)[:, 0].astype("float32")
order = rng.permutation(300)
X, y = X[order], y[order]

# --- model --------------------------------------------------------------------------------
model = keras.Sequential(name="wear")
model.add(keras.layers.Input((10, 2)))
model.add(keras.layers.LSTM(12))
model.add(keras.layers.Dropout(0.2))
model.add(keras.layers.Dense(1))
model.compile("adam", keras.losses.BinaryCrossentropy(from_logits=True))
model.optimizer.learning_rate = 0.01
model.fit(X[:220], y[:220], batch_size=20, epochs=20, verbose=2)

p = (model.predict(X[220:], verbose=0)[:, 0] > 0).astype("float32")
print("confusion:", [[int(((p == a) & (y[220:] == b)).sum()) for a in (0, 1)] for b in (0, 1)])
print("test accuracy", float((p == y[220:]).mean()))
