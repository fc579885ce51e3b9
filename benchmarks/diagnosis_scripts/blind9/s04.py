"""Rare machine failures from short vibration traces, with weights for the two classes."""
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
from keras import layers

SEED = 5


def traces(n, rate, rng, steps=12):
    fails = (rng.random(n) < rate).astype("int32")
    x = rng.normal(0, 1, (n, steps, 2))
    ramp = np.linspace(0, 1.7, steps)
    x[:, :, 0] += fails[:, None] * ramp
    x[:, :, 1] -= 0.5 * fails[:, None] * ramp
    return x.astype("float32"), fails


def build(steps, width):
    model = keras.Sequential(
        [
            layers.Input((steps, width)),
            layers.LSTM(16),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(
        "adam",
        "binary_crossentropy",
        metrics=[keras.metrics.Recall(name="recall"), keras.metrics.AUC(name="auc")],
    )
    model.optimizer.learning_rate = 0.005
    return model


def main():
    keras.utils.set_random_seed(SEED)
    rng = np.random.default_rng(SEED)
    x, y = traces(2400, 0.04, rng)
    x_test, y_test = traces(1200, 0.04, rng)

    n_pos = y.sum()
    weights = {0: len(y) / (2 * (len(y) - n_pos)), 1: len(y) / (2 * n_pos)}
    print("failures:", n_pos, "of", len(y), "-> weights", weights)

    model = build(*x.shape[1:])
    model.fit(x, y, batch_size=64, epochs=8, class_weight=weights, verbose=2)

    p = model.predict(x_test, verbose=0, batch_size=300)[:, 0] > 0.5
    recall = (p & (y_test == 1)).sum() / (y_test == 1).sum()
    specificity = (~p & (y_test == 0)).sum() / (y_test == 0).sum()
    print(f"recall {recall:.3f} specificity {specificity:.3f}")
    print(f"balanced accuracy {(recall + specificity) / 2:.3f}")


if __name__ == "__main__":
    main()
