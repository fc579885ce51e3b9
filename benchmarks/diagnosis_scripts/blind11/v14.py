import os
os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch
from keras import layers, ops


class Distiller(keras.Model):
    def __init__(self, student, teacher):
        super().__init__()
        self.teacher = teacher
        self.student = student

    def compile(self, optimizer, metrics, student_loss_fn, distillation_loss_fn, alpha=0.1, temperature=3):
        super().compile(optimizer=optimizer, metrics=metrics)
        self.student_loss_fn = student_loss_fn
        self.distillation_loss_fn = distillation_loss_fn
        self.alpha = alpha
        self.temperature = temperature

    def call(self, x):
        return self.student(x)

    def train_step(self, data):
        x, y = data
        with torch.no_grad():
            teacher_predictions = self.teacher(x, training=False)
        self.zero_grad()
        student_predictions = self.student(x, training=True)
        hard = self.student_loss_fn(y, student_predictions)
        soft = self.distillation_loss_fn(
            ops.softmax(teacher_predictions / self.temperature, axis=1),
            ops.softmax(student_predictions / self.temperature, axis=1),
        ) * self.temperature ** 2
        loss = self.alpha * hard + (1 - self.alpha) * soft
        loss.backward()
        weights = self.student.trainable_weights
        with torch.no_grad():
            self.optimizer.apply([w.value.grad for w in weights], weights)
        for m in self.metrics:
            if m.name == "loss":
                m.update_state(loss)
            else:
                m.update_state(y, student_predictions)
        return {m.name: m.result() for m in self.metrics}

    def test_step(self, data):
        x, y = data
        y_pred = self.student(x, training=False)
        for m in self.metrics:
            if m.name != "loss":
                m.update_state(y, y_pred)
        return {m.name: m.result() for m in self.metrics if m.name != "loss"}


SEED = 23
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)
centres = rng.normal(0, 1.6, (15, 12))
kind = rng.integers(0, 15, 2600)
x = (centres[kind] + rng.normal(0, 0.8, (2600, 12))).astype("float32")
y = (kind % 5).astype("int64")
x_train, y_train, x_test, y_test = x[:2000], y[:2000], x[2000:], y[2000:]


def mlp(width, name):
    return keras.Sequential(
        [keras.Input((12,)), layers.Dense(width), layers.LeakyReLU(negative_slope=0.2),
         layers.Dense(width, activation="relu"), layers.Dense(5)], name=name)


ce = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
teacher, student = mlp(128, "teacher"), mlp(16, "student")
teacher.compile(optimizer=keras.optimizers.Adam(), loss=ce, metrics=["sparse_categorical_accuracy"])
teacher.fit(x_train, y_train, epochs=10, verbose=2)
print("teacher", teacher.evaluate(x_test, y_test, verbose=0))

distiller = Distiller(student, teacher)
distiller.compile(
    optimizer=keras.optimizers.Adam(5e-3),
    metrics=[keras.metrics.SparseCategoricalAccuracy(name="acc")],
    student_loss_fn=ce,
    distillation_loss_fn=keras.losses.KLDivergence(),
)
distiller.fit(x_train, y_train, epochs=15, verbose=2)
result = distiller.evaluate(x_test, y_test, verbose=0, return_dict=True)
print("student accuracy", result["acc"])
