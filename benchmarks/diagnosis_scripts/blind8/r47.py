import os
os.environ["KERAS_BACKEND"] = "jax"
import jax
import jax.numpy as jnp
import keras
import numpy as np
from keras import layers

BATCH, T, UNITS = 32, 12, 32
rng = np.random.default_rng(23)
keras.utils.set_random_seed(23)

# Each record is one trip of a lift: +1/-1/0 floors per signal. Which floor (from 0) is it on?
def trips(n):
    moves = rng.choice([-1, 0, 1], size=(n, T), p=[0.3, 0.4, 0.3])
    return moves.astype("float32")[..., None], moves.cumsum(1).astype("float32") / 3

x, y = trips(60 * BATCH)
x_val, y_val = trips(16 * BATCH)

moves_in = keras.Input((T, 1))
h_in = keras.Input((UNITS,))
seq, h_out = layers.GRU(UNITS, return_sequences=True, return_state=True)(moves_in, initial_state=h_in)
model = keras.Model([moves_in, h_in], [layers.Dense(1)(seq), h_out])
opt = keras.optimizers.Adam(5e-3)
opt.build(model.trainable_variables)


def loss_fn(tv, ntv, xb, yb, h):
    (out, h), ntv = model.stateless_call(tv, ntv, [xb, h], training=True)
    return jnp.mean((out[..., 0] - yb) ** 2), (ntv, h)


@jax.jit
def step(tv, ntv, ov, xb, yb, h):
    (loss, (ntv, h)), g = jax.value_and_grad(loss_fn, has_aux=True)(tv, ntv, xb, yb, h)
    tv, ov = opt.stateless_apply(ov, g, tv)
    return loss, tv, ntv, ov, h


@jax.jit
def forward(tv, ntv, xb, h):
    (out, h), _ = model.stateless_call(tv, ntv, [xb, h])
    return out[..., 0], h


tv = [v.value for v in model.trainable_variables]
ntv = [v.value for v in model.non_trainable_variables]
ov = [v.value for v in opt.variables]
h = jnp.zeros((BATCH, UNITS))
for epoch in range(12):
    order = rng.permutation(len(x)).reshape(-1, BATCH)
    losses = []
    for idx in order:
        loss, tv, ntv, ov, h = step(tv, ntv, ov, x[idx], y[idx], h)
        losses.append(float(loss))
    hits = []
    for i in range(0, len(x_val), BATCH):
        out, h = forward(tv, ntv, x_val[i:i + BATCH], h)
        hits.append(np.rint(3 * np.asarray(out[:, -1])) == np.rint(3 * y_val[i:i + BATCH, -1]))
    print(f"epoch {epoch} loss {np.mean(losses):.4f} right floor at the end {np.mean(hits):.3f}")
