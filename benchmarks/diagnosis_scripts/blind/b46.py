import os
os.environ["KERAS_BACKEND"] = "torch"
import numpy as np
import keras

keras.utils.set_random_seed(28)
rng = np.random.default_rng(28)


def signals(n):
    f = rng.integers(0, 4, n)
    t = np.linspace(0, 1, 50)
    x = np.sin(2 * np.pi * (f[:, None] + 2) * t + rng.uniform(0, 6.28, (n, 1))) + 0.4 * rng.normal(size=(n, 50))
    return x[..., None].astype("float32"), f


x, y = signals(1000)
xt, yt = signals(250)
net = keras.Sequential()
net.add(keras.layers.Input((50, 1)))
net.add(keras.layers.Conv1D(12, 7, activation="relu"))
net.add(keras.layers.MaxPool1D(2))
net.add(keras.layers.Conv1D(16, 5, activation="relu"))
net.add(keras.layers.GlobalAveragePooling1D())
net.add(keras.layers.Dense(4))
net.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), optimizer=keras.optimizers.Adam(5e-3), metrics=["accuracy"])
for epoch in range(15):
    order = rng.permutation(len(x))
    logs = []
    for k in range(0, len(x), 25):
        pick = order[k : k + 25]
        logs.append(net.train_on_batch(x[pick], y[pick])[0])
    print("epoch", epoch, "loss", float(np.mean(logs)), "test", float(net.test_on_batch(xt, yt)[1]))
guess = net.predict(xt, verbose=0).argmax(1)
print("accuracy", (guess == yt).mean())
