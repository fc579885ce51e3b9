import os
os.environ["KERAS_BACKEND"] = "torch"
import tempfile
from pathlib import Path

import keras
import numpy as np
from keras import callbacks, layers, regularizers

# hourly load of a small grid, GRU with a dense head, all the usual callbacks
keras.utils.set_random_seed(2)
rng = np.random.default_rng(2)
h = np.arange(1600)
load = 50 + 15 * np.sin(2 * np.pi * h / 24) + 6 * np.sin(2 * np.pi * h / 168) + rng.normal(0, 1.5, len(h))
hour = np.stack([np.sin(2 * np.pi * h / 24), np.cos(2 * np.pi * h / 24)], 1)
mu, sd = load[:1200].mean(), load[:1200].std()
z = (load - mu) / sd
features = np.concatenate([z[:, None], hour], 1).astype("float32")

W = 24
X = np.stack([features[i:i + W] for i in range(len(h) - W)])
Y = z[W:].astype("float32")
parts = {"train": slice(0, 1100), "val": slice(1100, 1300), "test": slice(1300, None)}

model = keras.Sequential([
    layers.Input((W, 3)),
    layers.GRU(24),
    layers.Dense(16, activation="swish", kernel_regularizer=regularizers.l2(1e-5)),
    layers.Dropout(0.1),
    layers.Dense(1),
])
model.compile(optimizer=keras.optimizers.AdamW(4e-3, weight_decay=1e-4), loss=keras.losses.Huber(), metrics=["mae"])

path = Path(tempfile.mkdtemp()) / "best.weights.h5"
model.fit(
    X[parts["train"]], Y[parts["train"]],
    validation_data=(X[parts["val"]], Y[parts["val"]]),
    epochs=30, batch_size=32, verbose=2,
    callbacks=[
        callbacks.EarlyStopping(monitor="val_loss", patience=6, restore_best_weights=True),
        callbacks.ReduceLROnPlateau(factor=0.5, patience=2, min_lr=1e-5),
        callbacks.ModelCheckpoint(str(path), save_best_only=True, save_weights_only=True),
    ],
)
model.load_weights(path)
_, mae = model.evaluate(X[parts["test"]], Y[parts["test"]], verbose=0)
naive = np.abs(Y[parts["test"]] - X[parts["test"]][:, 0, 0]).mean()
print("test MAE %.2f MW, the same hour yesterday gives %.2f MW" % (mae * sd, naive * sd))
print("ratio %.3f" % (mae / naive))
