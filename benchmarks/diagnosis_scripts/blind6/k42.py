"""Knowledge distillation: a wide teacher, a narrow student, on the torch backend."""

import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch
import torch.nn.functional as F

SEED = 14
keras.utils.set_random_seed(SEED)


class Distiller(keras.Model):
    def __init__(self, student, teacher):
        super().__init__()
        self.student = student
        self.teacher = teacher
        self.acc = keras.metrics.SparseCategoricalAccuracy(name="acc")
        self.built = True

    def compile(self, optimizer, alpha=0.3, temperature=3.0):
        super().compile(optimizer=optimizer)
        self.alpha, self.temperature = alpha, temperature

    @property
    def metrics(self):
        return [self.acc]

    def call(self, x, training=False):
        return self.student(x, training=training)

    def train_step(self, data):
        x, y = data
        with torch.no_grad():
            soft = F.softmax(self.teacher(x, training=False) / self.temperature, dim=-1)
        self.student.zero_grad()
        logits = self.student(x, training=True)
        hard = F.cross_entropy(logits, y.long())
        distil = F.kl_div(F.log_softmax(logits / self.temperature, -1), soft, reduction="batchmean")
        loss = self.alpha * hard + (1 - self.alpha) * distil * self.temperature**2
        loss.backward()
        weights = list(self.student.trainable_weights)
        with torch.no_grad():
            self.optimizer.apply([w.value.grad for w in weights], weights)
        self.acc.update_state(y, logits)
        return {"loss": loss.detach(), "acc": self.acc.result()}

    def test_step(self, data):
        x, y = data
        self.acc.update_state(y, self.student(x, training=False))
        return {"acc": self.acc.result()}


def mlp(width, name):
    return keras.Sequential(
        [
            keras.Input((10,)),
            keras.layers.Dense(width, activation="relu"),
            keras.layers.Dense(width, activation="relu"),
            keras.layers.Dense(5),
        ],
        name=name,
    )


centres = np.random.normal(0, 1.2, (15, 10))


def blobs(n):
    k = np.random.randint(0, 15, n)
    return (centres[k] + np.random.normal(0, 0.6, (n, 10))).astype("float32"), k % 5


x, y = blobs(1200)
x_test, y_test = blobs(400)
teacher = mlp(96, "teacher")
teacher.compile(
    keras.optimizers.Adam(3e-3), keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"]
)
teacher.fit(x, y, batch_size=64, epochs=10, verbose=2)
distiller = Distiller(mlp(16, "student"), teacher)
distiller.compile(keras.optimizers.Adam(5e-3))
distiller.fit(x, y, batch_size=32, epochs=15, verbose=2)
t = teacher.evaluate(x_test, y_test, verbose=0)[1]
s = distiller.evaluate(x_test, y_test, verbose=0, return_dict=True)["acc"]
print(f"teacher {t:.3f}, student {float(s):.3f}")
