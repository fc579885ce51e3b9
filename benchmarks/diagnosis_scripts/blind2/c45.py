import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import keras
import numpy as np

keras.utils.set_random_seed(151)
rng = np.random.default_rng(151)
X = rng.normal(size=(2400, 12, 2)).astype("float32")
Y = (X[:, :, 0] * np.linspace(0.2, 1, 12)).sum(1) + 0.5 * np.maximum(X[:, -1, 1], 0)
Y = ((Y - Y.mean()) / Y.std()).astype("float32")
xtr, ytr, xte, yte = X[:2000], Y[:2000], X[2000:], Y[2000:]


def build(ema):
    keras.utils.set_random_seed(7)
    m = keras.Sequential([keras.layers.Input((12, 2)), keras.layers.GRU(24), keras.layers.Dense(1)])
    opt = keras.optimizers.AdamW(5e-3, weight_decay=1e-4, use_ema=ema, ema_momentum=0.98, clipnorm=1.0,
                                 gradient_accumulation_steps=None if ema else 2)
    m.compile(optimizer=opt, loss="mse")
    return m, opt


for name, ema in (("accumulated", False), ("averaged", True)):
    m, opt = build(ema)
    h = m.fit(xtr, ytr, batch_size=25, epochs=12, verbose=0)
    if ema:
        opt.finalize_variable_values(m.trainable_variables)
    p = m.predict(xte, verbose=0)[:, 0]
    print(name, "loss", [round(v, 3) for v in h.history["loss"][::4]], "r2", 1 - np.mean((p - yte) ** 2) / yte.var())
