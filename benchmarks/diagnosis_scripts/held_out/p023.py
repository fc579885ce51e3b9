import os
os.environ["KERAS_BACKEND"] = "torch"
import numpy as np
import keras

keras.utils.set_random_seed(5)
rs = np.random.RandomState(5)
X = rs.randn(1000, 8).astype(np.float32)
w = rs.randn(8)
target = np.tanh(X @ w) + 0.3 * X[:, 0]
target = ((target - target.mean()) / target.std()).astype(np.float32)


def build():
    m = keras.Sequential([
        keras.layers.Dense(50, activation="tanh"),
        keras.layers.Dense(20, activation="tanh"),
        keras.layers.Dense(1),
    ])
    m.compile(
        optimizer=keras.optimizers.SGD(learning_rate=1.5, momentum=0.9), loss="mse", metrics=["mae"],
    )
    return m


model = build()
h = model.fit(X, target, validation_split=0.25, epochs=20, batch_size=32, verbose=0)
for e, (a, b) in enumerate(zip(h.history["loss"], h.history["val_loss"])):
    print(f"{e:3d} loss={a:.4f} val_loss={b:.4f}")
print("final val mae", h.history["val_mae"][-1])
