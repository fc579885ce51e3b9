# Knowledge distillation: a wide BiLSTM teaches a small GRU
import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras
from keras import layers, ops

keras.utils.set_random_seed(14)
rng = np.random.default_rng(14)
C, T = 4, 16


def series(n):
    y = rng.integers(0, C, n)
    t = np.arange(T)[None]
    f = np.array([0.10, 0.17, 0.25, 0.34])[y][:, None]
    x = np.sin(2 * np.pi * (f * t + rng.random((n, 1)))) + 0.3 * rng.normal(size=(n, T))
    return x[..., None].astype("float32"), y


class Distiller(keras.Model):
    def __init__(self, student, teacher, temperature=3.0, alpha=0.3):
        super().__init__()
        self.student, self.teacher = student, teacher
        self.temperature, self.alpha = temperature, alpha
        self.teacher.trainable = False

    def call(self, x, training=None):
        return self.student(x, training=training)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        hard = ops.mean(keras.losses.sparse_categorical_crossentropy(y, y_pred, from_logits=True))
        soft_t = ops.softmax(self.teacher(x, training=False) / self.temperature)
        soft_s = ops.softmax(y_pred / self.temperature)
        soft = ops.mean(keras.losses.kl_divergence(soft_t, soft_s)) * self.temperature**2
        return self.alpha * hard + (1 - self.alpha) * soft


x, y = series(1200)
xv, yv = series(400)
teacher = keras.Sequential([layers.Input((T, 1)), layers.Bidirectional(layers.LSTM(32)), layers.Dense(C)])
teacher.compile(
    optimizer=keras.optimizers.Adam(0.01),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
teacher.fit(x, y, epochs=12, batch_size=50, verbose=0)
print("teacher", teacher.evaluate(xv, yv, verbose=0)[1])

student = keras.Sequential([layers.Input((T, 1)), layers.GRU(14), layers.Dense(C)])
distiller = Distiller(student, teacher)
distiller.compile(optimizer=keras.optimizers.Adam(0.01))
distiller.fit(x, y, epochs=20, batch_size=50, verbose=2)
guess = student.predict(xv, verbose=0).argmax(1)
print("student accuracy", np.mean(guess == yv))
