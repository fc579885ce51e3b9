import os
os.environ["KERAS_BACKEND"] = "jax"
import numpy as np
import keras

keras.utils.set_random_seed(25)
rng = np.random.default_rng(25)
PER = 250
pieces = []
for k in range(5):
    t = np.arange(18)
    tone = np.sin(t * (0.5 + 0.35 * k) + rng.uniform(0, 6.28, (PER, 1)))
    pieces.append(tone + 0.2 * rng.normal(size=tone.shape))
x = np.concatenate(pieces)[..., None].astype("float32")
y = np.repeat(np.arange(5), PER)
held = rng.random(len(x)) < 0.2

model = keras.Sequential([
    keras.layers.Input((18, 1)),
    keras.layers.GRU(24),
    keras.layers.Dense(5, activation="softmax"),
])
model.compile(optimizer=keras.optimizers.RMSprop(5e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
shuffle = False
model.fit(x[~held], y[~held], epochs=12, batch_size=25, shuffle=shuffle, verbose=2, validation_data=(x[held], y[held]))
print("accuracy", model.evaluate(x[held], y[held], verbose=0)[1])
