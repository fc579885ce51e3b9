# Character-level text generation with a GRU, plain SGD and clipped gradients
import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(40)
rng = np.random.default_rng(40)

words = ["the", "cat", "sat", "on", "mat", "dog", "ran", "to", "a", "red", "hat", "and", "slept"]
text = " ".join(rng.choice(words, size=1700))
chars = sorted(set(text))
index = {c: i for i, c in enumerate(chars)}
ids = np.array([index[c] for c in text])
print("corpus length:", len(text), "chars:", len(chars))

maxlen = 24
starts = np.arange(0, len(ids) - maxlen - 1, 4)
x = np.stack([ids[s:s + maxlen] for s in starts])
y = np.stack([ids[s + 1:s + maxlen + 1] for s in starts])

model = keras.Sequential(
    [
        layers.Input((maxlen,), dtype="int32"),
        layers.Embedding(len(chars), 16),
        layers.GRU(64, return_sequences=True),
        layers.Dense(len(chars), activation="softmax"),
    ]
)
model.compile(
    loss="sparse_categorical_crossentropy",
    optimizer=keras.optimizers.SGD(learning_rate=4.0, clipnorm=0.25),
    metrics=["accuracy"],
)


def sample(preds, temperature=0.7):
    p = np.exp(np.log(preds + 1e-9) / temperature)
    return rng.choice(len(p), p=p / p.sum())


for round_ in range(4):
    model.fit(x, y, batch_size=32, epochs=4, verbose=2)
    seed = list(ids[:maxlen])
    out = ""
    for _ in range(20):
        probs = model.predict(np.array([seed]), verbose=0)[0, -1].astype("float64")
        nxt = sample(probs)
        out += chars[nxt]
        seed = seed[1:] + [nxt]
    print("generated:", repr(out))

print("perplexity per character", np.exp(model.evaluate(x, y, verbose=0)[0]))
