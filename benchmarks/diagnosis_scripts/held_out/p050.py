import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np
from keras import layers

num_classes = 5
keras.utils.set_random_seed(213)
rng = np.random.default_rng(213)
glyph = rng.random((num_classes, 7, 7)) > 0.5


def draw(n):
    y = rng.integers(0, num_classes, n)
    x = rng.integers(0, 60, (n, 12, 12))
    for i in range(n):
        r, c = rng.integers(0, 6, 2)
        x[i, r:r + 7, c:c + 7] += (glyph[y[i]] * 190).astype(int)
    return x.astype("uint8"), y


(x_train, y_train), (x_test, y_test) = draw(1500), draw(300)
x_train = np.expand_dims(x_train.astype("float32") / 255, -1)
x_test = np.expand_dims(x_test.astype("float32") / 255, -1)
model = keras.Sequential([
    keras.Input(shape=(12, 12, 1)),
    layers.Conv2D(16, kernel_size=(3, 3), activation="relu"),
    layers.MaxPooling2D(pool_size=(2, 2)),
    layers.Conv2D(32, kernel_size=(3, 3), activation="relu"),
    layers.Flatten(),
    layers.Dropout(0.5),
    layers.Dense(num_classes, activation="softmax"),
])
model.compile(loss="categorical_crossentropy", optimizer=keras.optimizers.Adam(3e-3), metrics=["accuracy"])
model.fit(x_train, keras.utils.to_categorical(y_train), batch_size=32, epochs=12, validation_split=0.1, verbose=2)
score = model.evaluate(x_test, keras.utils.to_categorical(y_test), verbose=0)
print("Test loss:", score[0])
print("Test accuracy:", score[1])
