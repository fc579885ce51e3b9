"""Homework 4: a recurrent network that says which of three keys was pressed first."""

import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
from keras.layers import Dense, Input, SimpleRNN

keras.utils.set_random_seed(123)


def generate(n, steps=22):
    """One-hot key in the first five steps, small noise everywhere."""
    x = 0.1 * np.random.randn(n, steps, 3)
    y = np.random.randint(0, 3, n)
    x[np.arange(n), np.random.randint(0, 5, n), y] += 2.0
    return x.astype("float32"), y


def build_model(steps=22, units=24):
    model = keras.Sequential()
    model.add(Input(shape=(steps, 3)))
    model.add(SimpleRNN(units, activation="sigmoid", return_sequences=True))
    model.add(SimpleRNN(units, activation="sigmoid", return_sequences=True))
    model.add(SimpleRNN(units, activation="sigmoid"))
    model.add(Dense(3, activation="softmax"))
    return model


X_train, y_train = generate(700)
X_test, y_test = generate(300)

model = build_model()
model.compile(loss="sparse_categorical_crossentropy", optimizer=keras.optimizers.Adam(learning_rate=0.002), metrics=["accuracy"])
history = model.fit(X_train, y_train, epochs=10, batch_size=32, validation_data=(X_test, y_test), verbose=0)
for e, (a, b) in enumerate(zip(history.history["loss"], history.history["val_accuracy"]), 1):
    print(f"epoch {e:2d}  loss {a:.4f}  val accuracy {b:.4f}")
print("final test accuracy", round(model.evaluate(X_test, y_test, verbose=0)[1], 4))
