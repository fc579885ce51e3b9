import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np
from keras import layers, ops


class Distiller(keras.Model):
    def __init__(self, student, teacher, temperature=3.0, alpha=0.3):
        super().__init__()
        self.student, self.teacher = student, teacher
        self.teacher.trainable = False
        self.temperature, self.alpha = temperature, alpha

    def call(self, x):
        return self.student(x)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        t = ops.softmax(self.teacher(x, training=False) / self.temperature)
        s = ops.log_softmax(y_pred / self.temperature)
        soft = -ops.mean(ops.sum(t * s, axis=-1)) * self.temperature**2
        hard = ops.mean(keras.losses.sparse_categorical_crossentropy(y, y_pred, from_logits=True))
        return self.alpha * hard + (1 - self.alpha) * soft


def pictures(n):
    k = rng.integers(0, 4, n)
    img = 0.5 * rng.normal(size=(n, 8, 8, 1))
    for i in range(n):
        a = rng.integers(1, 6)
        if k[i] == 0: img[i, a, 1:7, 0] += 1.5
        elif k[i] == 1: img[i, 1:7, a, 0] += 1.5
        elif k[i] == 2: img[i, range(1, 7), range(1, 7), 0] += 1.5
        else: img[i, range(1, 7), range(6, 0, -1), 0] += 1.5
    return img.astype("float32"), k


keras.utils.set_random_seed(44)
rng = np.random.default_rng(44)
x, y = pictures(1200)
xt, yt = pictures(500)
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
teacher = keras.Sequential([layers.Input((8, 8, 1)), layers.Conv2D(16, 3, activation="relu"), layers.BatchNormalization(),
                            layers.Conv2D(16, 3, activation="relu"), layers.Flatten(), layers.Dense(4)])
teacher.compile("adam", loss, metrics=["accuracy"])
teacher.fit(x, y, epochs=6, batch_size=40, verbose=2)
print("teacher", teacher.evaluate(xt, yt, verbose=0))

student = keras.Sequential([layers.Input((8, 8, 1)), layers.Conv2D(6, 3, strides=2, activation="relu"), layers.Flatten(), layers.Dense(4)])
d = Distiller(student, teacher)
d.compile(optimizer=keras.optimizers.Adam(5e-3), metrics=["accuracy"])
d.fit(x, y, epochs=15, batch_size=40, verbose=2)
student.compile(loss=loss, metrics=["accuracy"])
print("student accuracy", student.evaluate(xt, yt, verbose=0)[1])
