# Sequence to sequence: write a number backwards (after the Keras addition example)
import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras
from keras import layers


class CharacterTable:
    def __init__(self, chars):
        self.chars = sorted(set(chars))
        self.pos = {c: i for i, c in enumerate(self.chars)}

    def encode(self, text, rows):
        x = np.zeros((rows, len(self.chars)), dtype="float32")
        for i, c in enumerate(text):
            x[i, self.pos[c]] = 1
        return x

    def decode(self, x):
        return "".join(self.chars[i] for i in x.argmax(-1))


keras.utils.set_random_seed(10)
rng = np.random.default_rng(10)
DIGITS = 4
table = CharacterTable("012345")

questions = ["".join(rng.choice(list("012345"), DIGITS)) for _ in range(2500)]
x = np.stack([table.encode(q, DIGITS) for q in questions])
y = np.stack([table.encode(q[::-1], DIGITS) for q in questions])
x_train, x_val = x[:2100], x[2100:]
y_train, y_val = y[:2100], y[2100:]

model = keras.Sequential()
model.add(layers.Input((DIGITS, len(table.chars))))
model.add(layers.LSTM(64))
model.add(layers.RepeatVector(DIGITS))
model.add(layers.LSTM(64, return_sequences=True))
model.add(layers.Dense(len(table.chars), activation="softmax"))
model.compile(loss="categorical_crossentropy", optimizer=keras.optimizers.Adam(0.006), metrics=["accuracy"])

for block in range(5):
    model.fit(x_train, y_train, batch_size=32, epochs=5, validation_data=(x_val, y_val), verbose=2)
    for i in rng.integers(0, len(x_val), 3):
        guess = table.decode(model.predict(x_val[i:i + 1], verbose=0)[0])
        print("Q", table.decode(x_val[i]), "A", guess)
print("val accuracy", model.evaluate(x_val, y_val, verbose=0)[1])
