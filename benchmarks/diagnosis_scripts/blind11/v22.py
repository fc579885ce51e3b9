import os
os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
from keras import callbacks, layers

SEED = 50
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)

# Call traces "(" = enter, ")" = return. Label: did the stack ever get four deep?
VOCAB = {"<pad>": 0, "(": 1, ")": 2}


def trace(length):
    out, depth, deepest = [], 0, 0
    while len(out) < length:
        if depth == 0 or (depth < 6 and rng.random() < 0.5):
            out.append("(")
            depth += 1
        else:
            out.append(")")
            depth -= 1
        deepest = max(deepest, depth)
    return out, deepest


def dataset(n):
    xs, ys = np.zeros((n, 16), "int32"), np.zeros(n, "int32")
    for i in range(n):
        s, deepest = trace(rng.integers(10, 17))
        xs[i, -len(s):] = [VOCAB[c] for c in s]
        ys[i] = deepest >= 4
    return xs, ys


def scheduler(epoch, lr):
    if epoch < 1:
        return lr
    return lr * float(np.exp(-1.0))


x_train, y_train = dataset(1200)
x_val, y_val = dataset(400)

model = keras.Sequential(
    [
        keras.Input((16,), dtype="int32"),
        layers.Embedding(len(VOCAB), 8),
        layers.GRU(32),
        layers.Dense(16, activation="relu"),
        layers.Dense(1, activation="sigmoid"),
    ]
)
model.compile(keras.optimizers.Adam(learning_rate=3e-3), loss="binary_crossentropy", metrics=["accuracy"])
cb = [
    callbacks.LearningRateScheduler(scheduler),
    callbacks.ModelCheckpoint("best.weights.h5", monitor="val_loss", save_best_only=True, save_weights_only=True),
]
model.fit(x_train, y_train, validation_data=(x_val, y_val), epochs=14, batch_size=32, callbacks=cb, verbose=2)
model.load_weights("best.weights.h5")
print("best model: val accuracy %.4f" % model.evaluate(x_val, y_val, verbose=0)[1])
