import os
os.environ["KERAS_BACKEND"] = "jax"

import jax
import jax.numpy as jnp
import keras
import numpy as np

SEED = 17
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)

# How many times does the dominant symbol change in a string of 4 symbols? -> 3 classes
seqs = rng.integers(0, 4, size=(2500, 15))
stick = rng.random((2500, 15)) < rng.choice([0.2, 0.55, 0.9], size=(2500, 1))
for t in range(1, 15):
    seqs[:, t] = np.where(stick[:, t], seqs[:, t - 1], seqs[:, t])
changes = (np.diff(seqs, axis=1) != 0).sum(1)
labels = np.digitize(changes, [5, 9])
x = np.eye(4, dtype="float32")[seqs]
x_train, y_train, x_test, y_test = x[:2000], labels[:2000], x[2000:], labels[2000:]

model = keras.Sequential([
    keras.Input((15, 4)),
    keras.layers.LSTM(32, return_sequences=True),
    keras.layers.LSTM(32),
    keras.layers.Dense(3),
])
optimizer = keras.optimizers.RMSprop(learning_rate=0.3)
optimizer.build(model.trainable_variables)
loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def forward(tv, ntv, xb, yb):
    logits, ntv = model.stateless_call(tv, ntv, xb, training=True)
    return loss_fn(yb, logits), ntv


grad_fn = jax.value_and_grad(forward, has_aux=True)


@jax.jit
def train_step(state, xb, yb):
    tv, ntv, ov = state
    (loss, ntv), grads = grad_fn(tv, ntv, xb, yb)
    tv, ov = optimizer.stateless_apply(ov, grads, tv)
    return loss, (tv, ntv, ov)


@jax.jit
def accuracy(tv, ntv, xb, yb):
    logits, _ = model.stateless_call(tv, ntv, xb)
    return jnp.mean(jnp.argmax(logits, -1) == yb)


state = ([v.value for v in model.trainable_variables],
         [v.value for v in model.non_trainable_variables],
         [v.value for v in optimizer.variables])

for epoch in range(12):
    order = rng.permutation(len(x_train))
    total = 0.0
    for i in range(0, len(order), 40):
        idx = order[i:i + 40]
        loss, state = train_step(state, x_train[idx], y_train[idx])
        total += float(loss)
    acc = float(accuracy(state[0], state[1], x_test, y_test))
    print(f"epoch {epoch:2d} loss {total / 50:.4f} test acc {acc:.4f}")
