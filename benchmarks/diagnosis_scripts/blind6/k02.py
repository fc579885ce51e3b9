"""Character-level text generation with an LSTM (after the old Keras example)."""
import os

os.environ["KERAS_BACKEND"] = "torch"
import random

import keras
import numpy as np

SEED = 5
keras.utils.set_random_seed(SEED)
random.seed(SEED)

subjects = ["the cat", "the dog", "a bird", "my uncle"]
verbs = ["sees", "likes", "hears", "follows"]
objects = ["the moon", "a river", "the old house", "some bread"]
text = ". ".join(
    f"{random.choice(subjects)} {random.choice(verbs)} {random.choice(objects)}" for _ in range(160)
)
chars = sorted(set(text))
char_indices = {c: i for i, c in enumerate(chars)}
indices_char = dict(enumerate(chars))
print("Total chars:", len(text), "distinct:", len(chars))

maxlen = 16
step = 2
sentences = [text[i : i + maxlen] for i in range(0, len(text) - maxlen, step)]
next_chars = [text[i + maxlen] for i in range(0, len(text) - maxlen, step)]
print("Number of sequences:", len(sentences))

x = np.zeros((len(sentences), maxlen, len(chars)), dtype="float32")
y = np.zeros((len(sentences), len(chars)), dtype="float32")
for i, sentence in enumerate(sentences):
    for t, char in enumerate(sentence):
        x[i, t, char_indices[char]] = 1
    y[i, char_indices[next_chars[i]]] = 1

model = keras.Sequential(
    [
        keras.Input(shape=(maxlen, len(chars))),
        keras.layers.LSTM(64),
        keras.layers.Dense(len(chars), activation="softmax"),
    ]
)
model.compile(
    loss="categorical_crossentropy",
    optimizer=keras.optimizers.RMSprop(learning_rate=0.01),
    metrics=["accuracy"],
)


def sample(preds, temperature=1.0):
    preds = np.asarray(preds).astype("float64")
    preds = np.exp(np.log(preds + 1e-9) / temperature)
    return int(np.argmax(np.random.multinomial(1, preds / preds.sum())))


for epoch in range(4):
    model.fit(x, y, batch_size=64, epochs=3, verbose=0)
    start = random.randint(0, len(text) - maxlen - 1)
    generated = text[start : start + maxlen]
    out = ""
    for _ in range(30):
        x_pred = np.zeros((1, maxlen, len(chars)), dtype="float32")
        for t, char in enumerate(generated):
            x_pred[0, t, char_indices[char]] = 1.0
        preds = model.predict(x_pred, verbose=0)[0]
        c = indices_char[sample(preds, 0.5)]
        generated = generated[1:] + c
        out += c
    print(f"round {epoch}: ...{out!r}")

loss, acc = model.evaluate(x, y, verbose=0)
print(f"loss {loss:.3f} accuracy {acc:.3f}")
