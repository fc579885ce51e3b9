import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

keras.utils.set_random_seed(216)
rng = np.random.default_rng(216)
verses = ["row row row your boat ", "gently down the stream ", "merrily merrily merrily ", "life is but a dream "]
text = "".join(verses[i] for i in rng.integers(0, 4, 60))
chars = sorted(set(text))
index = {c: i for i, c in enumerate(chars)}
maxlen = 12
enc = np.array([index[c] for c in text])
X = np.lib.stride_tricks.sliding_window_view(enc, maxlen)[:-1]
y = enc[maxlen:]
print("corpus length", len(text), "chars", len(chars))

model = keras.Sequential([
    keras.layers.Embedding(len(chars), 12),
    keras.layers.LSTM(40),
    keras.layers.Dense(len(chars), activation="softmax"),
])
model.compile(loss="sparse_categorical_crossentropy", optimizer=keras.optimizers.RMSprop(learning_rate=0.01))
h = model.fit(X, y, batch_size=32, epochs=6, verbose=2)
s = list(enc[:maxlen])
for _ in range(40):
    p = model(np.array([s[-maxlen:]]))[0]
    s.append(int(rng.choice(len(chars), p=np.asarray(p, "float64") / np.asarray(p, "float64").sum())))
print("".join(chars[i] for i in s))
print("cross entropy", h.history["loss"][-1])
