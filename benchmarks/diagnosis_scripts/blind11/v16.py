import os

os.environ["KERAS_BACKEND"] = "torch"

import math

import keras
import numpy as np

SEED = 77


class PumpLog(keras.utils.PyDataset):
    """Pressure traces of a pump. About one in sixteen shows a stutter (label 1)."""

    def __init__(self, n, batch_size, seed, **kwargs):
        super().__init__(**kwargs)
        rng = np.random.default_rng(seed)
        self.y = (rng.random(n) < 1 / 16).astype("float32")
        t = np.arange(20)
        trace = np.sin(2 * np.pi * (t / 10 + rng.random((n, 1)))) + 0.15 * rng.normal(size=(n, 20))
        for i in np.flatnonzero(self.y):
            k = rng.integers(2, 12)
            trace[i, k:k + 7] = trace[i, k] + 0.05 * rng.normal(size=7)
        self.x = trace[..., None].astype("float32")
        self.batch_size = batch_size
        self.index = rng.permutation(n)

    def __len__(self):
        return math.ceil(len(self.index) / self.batch_size)

    def __getitem__(self, i):
        rows = self.index[i * self.batch_size:(i + 1) * self.batch_size]
        return self.x[rows], self.y[rows][:, None]

    def on_epoch_end(self):
        np.random.shuffle(self.index)


def main():
    keras.utils.set_random_seed(SEED)
    train, test = PumpLog(1400, 32, SEED), PumpLog(800, 100, SEED + 1)
    share = train.y.mean()
    weights = {0: 0.5 / (1 - share), 1: 0.5 / share}
    print("share of stutters", share, "class weights", weights)

    model = keras.Sequential(
        [
            keras.Input((20, 1)),
            keras.layers.Conv1D(12, 3, activation="relu"),
            keras.layers.GRU(16),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(
        keras.optimizers.Adam(8e-3),
        "binary_crossentropy",
        metrics=[keras.metrics.Recall(name="recall"), keras.metrics.Precision(name="precision"),
                 keras.metrics.AUC(name="auc")],
    )
    model.fit(train, epochs=12, class_weight=weights, verbose=2)
    for name, value in model.evaluate(test, return_dict=True, verbose=0).items():
        print(f"{name:10s} {float(value):.4f}")
    p = model.predict(test.x, verbose=0)[:, 0] > 0.5
    balanced = 0.5 * (p[test.y == 1].mean() + (~p[test.y == 0]).mean())
    print(f"balanced accuracy {balanced:.4f}")


main()
