"""Activity recognition. The recordings were made one activity after the other."""
import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from keras import layers

SEED = 40
ACTIVITIES = ["sit", "walk", "run", "stairs", "cycle"]


def record(activity, n, rng):
    t = np.arange(20) / 20
    freq = [0.3, 1.6, 2.8, 2.1, 1.1][activity]
    amp = [0.3, 0.9, 1.3, 1.1, 0.8][activity]
    phase = rng.uniform(0, 2 * np.pi, (n, 1))
    f = freq + rng.normal(0, 0.12, (n, 1))
    x = amp * np.sin(2 * np.pi * f * t + phase)
    z = amp * np.cos(2 * np.pi * f * t + phase)
    return np.stack([x, z], -1) + rng.normal(0, 0.25, (n, 20, 2))


def collect(per_class, rng):
    x = np.concatenate([record(k, per_class, rng) for k in range(len(ACTIVITIES))])
    y = np.repeat(np.arange(len(ACTIVITIES)), per_class)
    return x.astype("float32"), y


def main():
    keras.utils.set_random_seed(SEED)
    rng = np.random.default_rng(SEED)
    x_train, y_train = collect(480, rng)
    x_test, y_test = collect(100, rng)
    x_train = (x_train - x_train.mean((0, 1))) / x_train.std((0, 1))
    x_test = (x_test - x_test.mean((0, 1))) / x_test.std((0, 1))

    inputs = layers.Input((20, 2))
    z = layers.Bidirectional(layers.LSTM(20))(inputs)
    z = layers.Dense(20, activation="tanh")(z)
    outputs = layers.Dense(len(ACTIVITIES), activation="softmax")(z)
    model = keras.Model(inputs, outputs)
    model.compile(
        optimizer=keras.optimizers.Adam(6e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    model.fit(x_train, y_train, batch_size=32, epochs=5, shuffle=False, verbose=2)

    guess = model.predict(x_test, batch_size=100, verbose=0).argmax(1)
    for k, name in enumerate(ACTIVITIES):
        print(f"{name:8s} {np.mean(guess[y_test == k] == k):.2f}")
    print("accuracy", np.mean(guess == y_test))


main()
