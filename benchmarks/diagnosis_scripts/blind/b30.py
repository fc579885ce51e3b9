import os
os.environ["KERAS_BACKEND"] = "jax"
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(21)
BATCH, UNITS = 25, 16
rng = np.random.default_rng(0)


def tosses(batches):
    """Rounds of 5, 8 or 13 coin tosses, +1 or -1, every player with a coin of his own; target: the balance."""
    for _ in range(batches):
        coin = rng.random((BATCH, 1, 1))
        x = np.where(rng.random((BATCH, rng.choice([5, 8, 13]), 1)) < coin, 1.0, -1.0).astype("float32")
        yield x, x.sum(axis=(1, 2)) / 4


train, test = list(tosses(70)), list(tosses(20))
players = keras.Input((None, 1))
h_in, c_in = keras.Input((UNITS,)), keras.Input((UNITS,))
last, h_out, c_out = layers.LSTM(UNITS, return_state=True)(players, initial_state=[h_in, c_in])
balance = layers.Dense(1)(last)
model = keras.Model([players, h_in, c_in], balance)
memory = keras.Model([players, h_in, c_in], [h_out, c_out])
model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")


def zeros():
    return [np.zeros((BATCH, UNITS), "float32")] * 2


state = zeros()
for epoch in range(10):
    losses = []
    for k in rng.permutation(len(train)):
        x, y = train[k]
        losses.append(float(model.train_on_batch([x, *state], y)))
        state = [np.asarray(s) for s in memory.predict_on_batch([x, *state])]
    print(f"epoch {epoch} loss {np.mean(losses):.4f}")

guesses, truth = [], []
for x, y in test:
    guesses.append(model.predict_on_batch([x, *state]).ravel())
    truth.append(y)
    state = [np.asarray(s) for s in memory.predict_on_batch([x, *state])]
guesses, truth = np.concatenate(guesses), np.concatenate(truth)
print("test r2", 1 - np.mean((guesses - truth) ** 2) / np.var(truth))
