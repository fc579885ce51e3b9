# Tagging support tickets: each ticket may carry several of 6 tags.
import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(13)
rng = np.random.default_rng(13)

TAGS = ["billing", "login", "crash", "refund", "shipping", "feature"]
VOCAB, LEN = 300, 30
keywords = np.arange(1, 6 * 8 + 1).reshape(6, 8)


def tickets(n):
    y = (rng.random((n, len(TAGS))) < 0.35).astype("float32")
    x = rng.integers(50, VOCAB, size=(n, LEN))
    for i in range(n):
        slots = list(rng.permutation(LEN))
        for tag in np.flatnonzero(y[i]):
            for _ in range(2):
                x[i, slots.pop()] = rng.choice(keywords[tag])
    return x, y


X, Y = tickets(2000)
X_train, Y_train, X_test, Y_test = X[:1600], Y[:1600], X[1600:], Y[1600:]

inp = layers.Input(shape=(LEN,), dtype="int32")
z = layers.Embedding(VOCAB, 24)(inp)
z = layers.SpatialDropout1D(0.1)(z)
z = layers.Bidirectional(layers.GRU(24, return_sequences=True))(z)
z = layers.GlobalMaxPooling1D()(z)
out = layers.Dense(len(TAGS))(z)
model = keras.Model(inp, out)
model.compile(
    optimizer=keras.optimizers.RMSprop(0.004),
    loss=keras.losses.BinaryCrossentropy(from_logits=True),
    metrics=[keras.metrics.BinaryAccuracy(threshold=0.0), keras.metrics.F1Score(average="micro", threshold=0.5)],
)
model.fit(X_train, Y_train, batch_size=64, epochs=14, validation_data=(X_test, Y_test), verbose=2)

p = model.predict(X_test, verbose=0) > 0
tp, fp, fn = np.sum(p & (Y_test == 1)), np.sum(p & (Y_test == 0)), np.sum(~p & (Y_test == 1))
print("all tags right:", np.mean(np.all(p == (Y_test == 1), axis=1)))
print("micro F1:", 2 * tp / (2 * tp + fp + fn))
