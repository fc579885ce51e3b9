# sentiment of short product reviews (bag of made-up words), BiLSTM
import os
os.environ["KERAS_BACKEND"] = "jax"
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(1337)
rs = np.random.RandomState(1337)

good = ["great", "love", "perfect", "solid", "cheap", "fast"]
bad = ["broken", "hate", "awful", "slow", "refund", "cracked"]
neutral = ["the", "phone", "case", "arrived", "box", "it", "was", "for", "my", "this", "colour", "a", "with"]


def write_review():
    label = rs.randint(2)
    n = rs.randint(2, 16)
    words = list(rs.choice(neutral, n))
    for _ in range(1 + rs.randint(2)):
        words.insert(rs.randint(len(words) + 1), rs.choice(good if label else bad))
    return " ".join(words), label


raw = [write_review() for _ in range(2200)]
texts = [r[0] for r in raw]
labels = [r[1] for r in raw]

# very short reviews are dropped
texts = [t for t in texts if len(t.split()) >= 5]
labels = labels[: len(texts)]

vocab = {w: i + 1 for i, w in enumerate(sorted({w for t in texts for w in t.split()}))}
X = keras.utils.pad_sequences([[vocab[w] for w in t.split()] for t in texts], maxlen=18)
y = np.array(labels)
print(X.shape, y.mean())

split = int(len(X) * 0.8)
model = keras.Sequential()
model.add(layers.Input((18,)))
model.add(layers.Embedding(len(vocab) + 1, 16))
model.add(layers.Bidirectional(layers.LSTM(16)))
model.add(layers.Dropout(0.3))
model.add(layers.Dense(1, activation="sigmoid"))
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
model.fit(X[:split], y[:split], batch_size=32, epochs=10, validation_data=(X[split:], y[split:]), verbose=2)

loss, acc = model.evaluate(X[split:], y[split:], verbose=0)
print("held out accuracy %.3f" % acc)
