import os

os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(12)
rng = np.random.default_rng(12)
series = rng.standard_normal((1500, 10, 2)).astype("float32")
static = rng.standard_normal((1500, 4)).astype("float32")
label = ((series[:, :, 0].mean(1) * 3 + static[:, 1]) > 0).astype("float32")

a = keras.Input((10, 2), name="series")
b = keras.Input((4,), name="static")
h = layers.GRU(20)(a)
h = layers.Concatenate()([h, layers.Dense(8, activation="relu")(b)])
h = layers.Dropout(0.2)(h)
o = layers.Dense(1, activation="sigmoid")(h)
model = keras.Model([a, b], o)
model.compile(optimizer=keras.optimizers.RMSprop(3e-3), loss="binary_crossentropy", metrics=["accuracy"])
stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=4, restore_best_weights=True)
model.fit(
    [series[:1200], static[:1200]], label[:1200], validation_split=0.2,
    epochs=40, batch_size=32, callbacks=[stop], verbose=2,
)
print("joint accuracy", model.evaluate([series[1200:], static[1200:]], label[1200:], verbose=0)[1])
