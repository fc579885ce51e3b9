import os
os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np

keras.utils.set_random_seed(411)
rng = np.random.default_rng(411)
x = rng.standard_normal((2400, 5)).astype("float32")
y = (x[:, 0] - x[:, 1] > 0).astype(int)
flip = rng.random(2400) < 0.1
y[flip] = 1 - y[flip]
model = keras.Sequential([
    keras.layers.Dense(16, activation="relu"),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile(optimizer=keras.optimizers.Adam(5e-3), loss="binary_crossentropy", metrics=["accuracy"])
es = keras.callbacks.EarlyStopping(monitor="val_loss", patience=3, restore_best_weights=True)
model.fit(x[:2000], y[:2000], validation_split=0.2, epochs=50, batch_size=32, callbacks=[es], verbose=2)
print("acc", model.evaluate(x[2000:], y[2000:], verbose=0)[1])
