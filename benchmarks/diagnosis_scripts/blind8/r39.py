import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

SEED = 70
rng = np.random.default_rng(SEED)
x = rng.normal(size=(1500, 5)).astype("float32")
y = ((x[:, 0] * x[:, 1] > 0).astype(int) + (x[:, 2] > 0.3)).astype("int32")
x_train, y_train, x_val, y_val, x_test, y_test = x[:900], y[:900], x[900:1200], y[900:1200], x[1200:], y[1200:]


def run(lr, width, epochs):
    keras.utils.set_random_seed(SEED)
    m = keras.Sequential([
        keras.layers.Input((5,)),
        keras.layers.Dense(width, activation="relu"),
        keras.layers.Dense(width, activation="relu"),
        keras.layers.Dense(3, activation="softmax"),
    ])
    m.compile(keras.optimizers.Adam(lr), "sparse_categorical_crossentropy", metrics=["accuracy"])
    h = m.fit(x_train, y_train, batch_size=30, epochs=epochs, validation_data=(x_val, y_val), verbose=0)
    return m, max(h.history["val_accuracy"])


results = {}
for lr in (1e-5, 3e-3, 0.5):
    for width in (8, 32):
        _, results[lr, width] = run(lr, width, 6)
        print(f"lr={lr:g} width={width}: {results[lr, width]:.3f}")
lr, width = max(results, key=results.get)
print("best:", lr, width)
model, _ = run(lr, width, 25)
print("test accuracy of the best setting:", round(model.evaluate(x_test, y_test, verbose=0)[1], 4))
