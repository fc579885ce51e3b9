# next-character model on a little generated "recipe" text
import os
os.environ["KERAS_BACKEND"] = "jax"
import sys
import numpy as np
import keras
from keras import layers

SEED = 19
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)

verbs = ["stir", "chop", "boil", "fry", "bake", "peel"]
things = ["onions", "rice", "carrots", "beans", "potatoes", "eggs"]
ends = ["for ten minutes", "in a pan", "with salt", "until soft"]
text = " ".join(f"{rng.choice(verbs)} the {rng.choice(things)} {rng.choice(ends)}." for _ in range(160))
chars = sorted(set(text))
print("corpus length:", len(text), "total chars:", len(chars))
char_indices = {c: i for i, c in enumerate(chars)}

# cut the text in semi-redundant sequences of maxlen characters
maxlen, step = 20, 2
starts = range(0, len(text) - maxlen, step)
x = np.zeros((len(starts), maxlen, len(chars)), dtype="float32")
y = np.zeros((len(starts), len(chars)), dtype="float32")
for k, i in enumerate(starts):
    for t, ch in enumerate(text[i:i + maxlen]):
        x[k, t, char_indices[ch]] = 1
    y[k, char_indices[text[i + maxlen]]] = 1
cut = int(0.85 * len(x))
print("Number of sequences:", len(x))

model = keras.Sequential([
    keras.Input(shape=(maxlen, len(chars))),
    layers.LSTM(64),
    layers.Dense(len(chars), activation="softmax"),
])
model.compile(loss="categorical_crossentropy", optimizer=keras.optimizers.RMSprop(learning_rate=0.002),
              metrics=["accuracy"])


def sample(preds, temperature=1.0):
    preds = np.log(np.asarray(preds, "float64") + 1e-9) / temperature
    preds = np.exp(preds) / np.exp(preds).sum()
    return rng.choice(len(preds), p=preds)


epochs = 2
for epoch in range(epochs):
    h = model.fit(x[:cut], y[:cut], batch_size=64, epochs=1, verbose=0)
    print("epoch", epoch, "loss", round(h.history["loss"][0], 4))

generated = text[:maxlen]
for _ in range(60):
    xp = np.zeros((1, maxlen, len(chars)), "float32")
    for t, ch in enumerate(generated[-maxlen:]):
        xp[0, t, char_indices[ch]] = 1
    generated += chars[sample(model.predict(xp, verbose=0)[0], 0.5)]
sys.stdout.write(generated + "\n")
print("next-character accuracy on the rest of the text:", round(model.evaluate(x[cut:], y[cut:], verbose=0)[1], 4))
