"""Classify which of four instruments played a short waveform."""

import os

os.environ["KERAS_BACKEND"] = "torch"

from dataclasses import dataclass

import keras
import numpy as np


@dataclass
class Config:
    seed: int = 30
    length: int = 32
    units: int = 32
    lr: float = 0.4
    batch: int = 32
    epochs: int = 12


def waveforms(cfg: Config, n: int) -> tuple[np.ndarray, np.ndarray]:
    t = np.linspace(0, 1, cfg.length)
    y = np.random.randint(0, 4, n)
    x = np.zeros((n, cfg.length, 1), dtype="float32")
    for i in range(n):
        f = np.random.uniform(2, 4)
        ph = np.random.uniform(0, 2 * np.pi)
        s = 2 * np.pi * f * t + ph
        if y[i] == 0:
            w = np.sin(s)
        elif y[i] == 1:
            w = np.sign(np.sin(s))
        elif y[i] == 2:
            w = 2 * ((s / (2 * np.pi)) % 1) - 1
        else:
            w = np.sin(s) * np.exp(-3 * t)
        x[i, :, 0] = w + np.random.normal(0, 0.1, cfg.length)
    return x, y


def main(cfg: Config) -> None:
    keras.utils.set_random_seed(cfg.seed)
    x_train, y_train = waveforms(cfg, 640)
    x_val, y_val = waveforms(cfg, 300)
    inputs = keras.Input((cfg.length, 1))
    x = keras.layers.LSTM(cfg.units, return_sequences=True)(inputs)
    x = keras.layers.LSTM(cfg.units)(x)
    outputs = keras.layers.Dense(4, activation="softmax")(x)
    model = keras.Model(inputs, outputs)
    model.compile(
        optimizer=keras.optimizers.Adam(cfg.lr),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="acc")],
    )
    model.fit(
        x_train, y_train, batch_size=cfg.batch, epochs=cfg.epochs, validation_data=(x_val, y_val), verbose=2
    )
    print(f"validation accuracy = {model.evaluate(x_val, y_val, verbose=0)[1]:.3f}")


if __name__ == "__main__":
    main(Config())
