import os
os.environ["KERAS_BACKEND"] = "jax"
import jax
import jax.numpy as jnp
import keras
import numpy as np
from keras import layers

BATCH, T, UNITS = 16, 12, 24
rng = np.random.default_rng(12)
keras.utils.set_random_seed(12)

# 16 long recordings of a switch: the value follows the last "set" signal, which may lie far back.
LENGTH = T * 60
signal = (rng.random((BATCH, LENGTH)) < 0.06) * rng.choice([-1.0, 1.0], size=(BATCH, LENGTH))
value = np.zeros_like(signal)
for t in range(LENGTH):
    value[:, t] = np.where(signal[:, t] != 0, signal[:, t], value[:, t - 1] if t else 0)
value = value + 0.1 * rng.normal(size=value.shape)
chunks = [(signal[:, i:i + T, None].astype("float32"), value[:, i:i + T].astype("float32")) for i in range(0, LENGTH, T)]
train, test = chunks[:50], chunks[50:]

x_in, h_in = keras.Input((T, 1)), keras.Input((UNITS,))
seq, h_out = layers.GRU(UNITS, return_sequences=True, return_state=True)(x_in, initial_state=h_in)
model = keras.Model([x_in, h_in], [layers.Dense(1)(seq), h_out])
opt = keras.optimizers.Adam(1e-2)
opt.build(model.trainable_variables)


def loss_fn(tv, ntv, xb, yb, h):
    (out, h), ntv = model.stateless_call(tv, ntv, [xb, h], training=True)
    return jnp.mean((out[..., 0] - yb) ** 2), (ntv, h)


@jax.jit
def step(tv, ntv, ov, xb, yb, h):
    (loss, (ntv, h)), g = jax.value_and_grad(loss_fn, has_aux=True)(tv, ntv, xb, yb, h)
    tv, ov = opt.stateless_apply(ov, g, tv)
    return loss, tv, ntv, ov, h


evaluate = jax.jit(loss_fn)
tv = [v.value for v in model.trainable_variables]
ntv = [v.value for v in model.non_trainable_variables]
ov = [v.value for v in opt.variables]
for epoch in range(20):
    h = jnp.zeros((BATCH, UNITS))
    losses = []
    for xb, yb in train:
        loss, tv, ntv, ov, h = step(tv, ntv, ov, xb, yb, h)
        losses.append(float(loss))
    test_losses = []
    for xb, yb in test:
        loss, (_, h) = evaluate(tv, ntv, xb, yb, h)
        test_losses.append(float(loss))
    print(f"epoch {epoch} loss {np.mean(losses):.4f} test R2 {1 - np.mean(test_losses) / value.var():.3f}")
