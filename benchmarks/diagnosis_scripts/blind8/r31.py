import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

rng = np.random.default_rng(2024)
keras.utils.set_random_seed(2024)

# predict the next of 12 symbols; the grammar: next = (a + b) mod 12 of the last two, in 80 % of the cases
V, T, N = 12, 10, 2500
seq = rng.integers(0, V, size=(N, T + 1))
for t in range(2, T + 1):
    rule = (seq[:, t - 1] + 2 * seq[:, t - 2]) % V
    seq[:, t] = np.where(rng.random(N) < 0.85, rule, seq[:, t])
x, y = seq[:, :-1], seq[:, 1:]

inputs = keras.Input((T,), dtype="int32")
e = keras.layers.Embedding(V, 24)(inputs)
e = keras.layers.SpatialDropout1D(0.8)(e)
h = keras.layers.LSTM(48, return_sequences=True)(e)
h = keras.layers.Dropout(0.8)(h)
logits = keras.layers.Dense(V)(h)
lm = keras.Model(inputs, logits)
lm.compile(
    optimizer=keras.optimizers.Adam(5e-3),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
lm.fit(x[:2000], y[:2000], batch_size=64, epochs=10, validation_data=(x[2000:], y[2000:]), verbose=2)
loss, _ = lm.evaluate(x[2000:], y[2000:], verbose=0)
print("held-out perplexity %.3f" % np.exp(loss))
