"""A custom training loop in JAX: stateless_call, value_and_grad, stateless_apply."""
import os

os.environ["KERAS_BACKEND"] = "jax"

import jax
import keras
import numpy as np

keras.utils.set_random_seed(4)
rng = np.random.default_rng(4)


def shapes(n, size=12):
    """Horizontal bars, vertical bars, diagonals and squares in noise."""
    images = rng.normal(0, 0.35, (n, size, size, 1)).astype("float32")
    labels = rng.integers(0, 4, n)
    for img, k in zip(images, labels):
        r, c = rng.integers(2, size - 4, 2)
        if k == 0:
            img[r, 2:10] += 1.5
        elif k == 1:
            img[2:10, c] += 1.5
        elif k == 2:
            for j in range(2, 10):
                img[j, j] += 1.5
        else:
            img[r - 1 : r + 3, c - 1 : c + 3] += 1.0
    return images, labels.astype("int32")


model = keras.Sequential(
    [
        keras.Input((12, 12, 1)),
        keras.layers.Conv2D(12, 3, activation="relu"),
        keras.layers.MaxPooling2D(),
        keras.layers.Conv2D(16, 3, activation="relu"),
        keras.layers.Flatten(),
        keras.layers.Dense(4),
    ]
)
loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
optimizer = keras.optimizers.Adam(2e-3)
optimizer.build(model.trainable_variables)


def compute_loss(trainable, non_trainable, x, y):
    logits, non_trainable = model.stateless_call(trainable, non_trainable, x, training=True)
    return loss_fn(y, logits), non_trainable


grad_fn = jax.value_and_grad(compute_loss, has_aux=True)


@jax.jit
def train_step(state, x, y):
    trainable, non_trainable, opt_vars = state
    (loss, non_trainable), grads = grad_fn(trainable, non_trainable, x, y)
    trainable, opt_vars = optimizer.stateless_apply(opt_vars, grads, trainable)
    return loss, (trainable, non_trainable, opt_vars)


x_train, y_train = shapes(1600)
x_test, y_test = shapes(400)
state = (
    [v.value for v in model.trainable_variables],
    [v.value for v in model.non_trainable_variables],
    [v.value for v in optimizer.variables],
)
for epoch in range(10):
    order = rng.permutation(len(x_train))
    losses = []
    for start in range(0, len(order), 32):
        rows = order[start : start + 32]
        loss, state = train_step(state, x_train[rows], y_train[rows])
        losses.append(float(loss))
    print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}")

trainable, non_trainable, _ = state
for variable, value in zip(model.trainable_variables, trainable):
    variable.assign(value)
accuracy = (model.predict(x_test, verbose=0).argmax(1) == y_test).mean()
print(f"test accuracy {accuracy:.4f}")
