# MLP on 16x16 glyph images, after a Coursera exercise
import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras
from keras.layers import Dense, Flatten, Input
from keras.initializers import RandomNormal

keras.utils.set_random_seed(21)
rng = np.random.default_rng(21)

n_classes = 8
prototypes = (rng.random((n_classes, 16, 16)) < 0.35).astype("float32")


def glyphs(n):
    y = rng.integers(0, n_classes, n)
    img = prototypes[y]
    flip = rng.random(img.shape) < 0.28
    img = np.where(flip, 1 - img, img) * rng.uniform(0.7, 1.0, (n, 1, 1))
    return (img - 0.4).astype("float32"), keras.utils.to_categorical(y, n_classes)


X_train, Y_train = glyphs(1500)
X_test, Y_test = glyphs(500)


def build():
    w = lambda: RandomNormal(mean=0.0, stddev=1.0)
    net = keras.Sequential()
    net.add(Input((16, 16)))
    net.add(Flatten())
    net.add(Dense(200, activation="tanh", kernel_initializer=w()))
    net.add(Dense(200, activation="tanh", kernel_initializer=w()))
    net.add(Dense(200, activation="tanh", kernel_initializer=w()))
    net.add(Dense(200, activation="tanh", kernel_initializer=w()))
    net.add(Dense(n_classes, activation="softmax"))
    return net


net = build()
net.compile(loss="categorical_crossentropy", optimizer=keras.optimizers.SGD(0.02, momentum=0.9), metrics=["accuracy"])
log = net.fit(X_train, Y_train, batch_size=32, epochs=12, validation_data=(X_test, Y_test), verbose=2)
best = max(log.history["val_accuracy"])
print("best val_accuracy:", best)
print("test accuracy:", net.evaluate(X_test, Y_test, verbose=0)[1])
