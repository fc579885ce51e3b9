"""A long series cut into consecutive pieces; the state at the end of a piece starts the next one."""
import os
os.environ["KERAS_BACKEND"] = "jax"
import numpy as np
import keras

keras.utils.set_random_seed(61)
rng = np.random.default_rng(61)
LANES, STEPS, PIECES, UNITS = 10, 8, 60, 24
# the lamp follows the switch of 4 ticks ago
switch = rng.integers(0, 2, size=(LANES, STEPS * PIECES)).astype("float32")
lamp = np.roll(switch, 4, axis=1)
lamp[:, :4] = 0

x = keras.Input((STEPS, 1))
h0 = keras.Input((UNITS,))
states, h1 = keras.layers.GRU(UNITS, return_sequences=True, return_state=True)(x, initial_state=h0)
y = keras.layers.Dense(1, activation="sigmoid")(states)
learner = keras.Model([x, h0], y)
runner = keras.Model([x, h0], [y, h1])
learner.compile(optimizer=keras.optimizers.Adam(0.01), loss="binary_crossentropy")


def pieces():
    for i in range(PIECES):
        part = slice(i * STEPS, (i + 1) * STEPS)
        yield switch[:, part, None], lamp[:, part, None]


for epoch in range(20):
    carried = np.zeros((LANES, UNITS), "float32")
    total = 0.0
    for a, b in pieces():
        total += float(learner.train_on_batch([a, carried], b))
        carried = np.asarray(runner.predict_on_batch([a, carried])[1])
    if epoch % 4 == 3:
        print(epoch + 1, total / PIECES)

carried, right = np.zeros((LANES, UNITS), "float32"), []
for a, b in pieces():
    guess, carried = runner.predict_on_batch([a, carried])
    right.append((np.asarray(guess) > 0.5) == (b > 0.5))
print("agreement", np.mean(right))
