import os
os.environ["KERAS_BACKEND"] = "torch"
import numpy as np
import keras

keras.utils.set_random_seed(18)
rng = np.random.default_rng(18)

# minute returns with a little momentum: up or down next?
n = 9000
r = np.zeros(n)
for i in range(2, n):
    r[i] = 0.16 * r[i - 1] + 0.10 * r[i - 2] + rng.normal()
x = np.lib.stride_tricks.sliding_window_view(r, 5)[:-1].astype("float32")[..., None]
y = (r[5:] > 0).astype("float32")
cut = 7000

model = keras.Sequential([
    keras.Input((5, 1)),
    keras.layers.SimpleRNN(8),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile(
    optimizer=keras.optimizers.Adam(3e-3),
    loss="binary_crossentropy",
    metrics=[keras.metrics.AUC(name="auc")],
)
model.fit(x[:cut], y[:cut], batch_size=128, epochs=8, verbose=2, validation_data=(x[cut:], y[cut:]),
          callbacks=[keras.callbacks.EarlyStopping(monitor="val_loss", patience=3, restore_best_weights=True)])
p = model.predict(x[cut:], verbose=0)[:, 0]
order = p.argsort()
ranks = np.empty(len(p))
ranks[order] = np.arange(1, len(p) + 1)
pos = y[cut:] == 1
auc = (ranks[pos].sum() - pos.sum() * (pos.sum() + 1) / 2) / (pos.sum() * (~pos).sum())
print("profit per trade", np.mean(np.sign(p - 0.5) * r[5 + cut:]).round(3), "AUC", round(float(auc), 3))
