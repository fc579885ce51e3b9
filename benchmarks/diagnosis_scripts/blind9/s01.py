"""Character-level language model on a toy cookbook. Truncated sequences, plain SGD with clipping."""
import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(11)
rng = np.random.default_rng(11)

VERBS = ["stir", "boil", "chop", "bake"]
THINGS = ["onions", "butter", "the rice", "carrots"]
ENDS = ["slowly", "until soft", "for an hour"]

text = " ".join(
    f"{rng.choice(VERBS)} {rng.choice(THINGS)} {rng.choice(ENDS)}." for _ in range(900)
)
chars = sorted(set(text))
lookup = {c: i for i, c in enumerate(chars)}
ids = np.array([lookup[c] for c in text])
print(len(text), "characters,", len(chars), "different")

SEQ = 24
n = (len(ids) - 1) // SEQ
x = ids[: n * SEQ].reshape(n, SEQ)
y = ids[1 : n * SEQ + 1].reshape(n, SEQ)
n_train = int(0.9 * n) // 32 * 32
x_train, y_train = x[:n_train], y[:n_train]
x_val, y_val = x[n_train:], y[n_train:]

model = keras.Sequential(
    [
        keras.Input((SEQ,), dtype="int32"),
        layers.Embedding(len(chars), 24),
        layers.GRU(64, return_sequences=True),
        layers.Dense(len(chars)),
    ]
)
model.compile(
    optimizer=keras.optimizers.SGD(learning_rate=8.0, clipnorm=0.25),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
for epoch in range(12):
    h = model.fit(x_train, y_train, batch_size=32, verbose=0)
    print(f"epoch {epoch + 1:2d}  loss {h.history['loss'][0]:.3f}  acc {h.history['accuracy'][0]:.3f}")

loss, acc = model.evaluate(x_val, y_val, verbose=0, batch_size=32)
print(f"validation perplexity {np.exp(loss):.2f}, next-character accuracy {acc:.3f}")
