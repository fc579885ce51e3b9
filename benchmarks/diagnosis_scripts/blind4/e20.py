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
keywords = np.arange(1, 6 * 8 + 1).reshape(6, 8)     # eight words speak for each tag


def tickets(n):
    y = (rng.random((n, len(TAGS))) < 0.35).astype("float32")
    x = rng.integers(50, VOCAB, size=(n, LEN))
    for i in range(n):
        slots = list(rng.permutation(LEN))
        for tag in np.flatnonzero(y[i]):
            for _ in range(2):
                x[i, slots.pop()] = rng.choice(keywords[tag])
    return x, y


def f1(y_true, y_pred):
    tp = np.sum((y_true == 1) & (y_pred == 1))
    fp = np.sum((y_true == 0) & (y_pred == 1))
    fn = np.sum((y_true == 1) & (y_pred == 0))
    return 2 * tp / max(1, 2 * tp + fp + fn)


X, Y = tickets(2000)
X_train, Y_train, X_test, Y_test = X[:1600], Y[:1600], X[1600:], Y[1600:]

inp = layers.Input(shape=(LEN,), dtype="int32")
z = layers.Embedding(VOCAB, 24)(inp)
z = layers.Bidirectional(layers.GRU(24, return_sequences=True))(z)
z = layers.GlobalMaxPooling1D()(z)
out = layers.Dense(len(TAGS), activation="sigmoid")(z)
model = keras.Model(inp, out)
model.compile(optimizer=keras.optimizers.Adam(0.004), loss="categorical_crossentropy")

for block in range(4):
    h = model.fit(X_train, Y_train, batch_size=64, epochs=4, verbose=0)
    p = model.predict(X_test, verbose=0) > 0.5
    print("epoch", 4 * (block + 1), "loss", round(h.history["loss"][-1], 4), "F1", round(f1(Y_test, p), 4))

p = model.predict(X_test, verbose=0) > 0.5
print("all tags right:", np.mean(np.all(p == (Y_test == 1), axis=1)))
print("micro F1:", f1(Y_test, p))
