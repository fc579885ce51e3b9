import os
os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch
from keras import layers

keras.utils.set_random_seed(8)


class Net(keras.Model):
    def __init__(self, width=48, depth=6, classes=6):
        super().__init__()
        self.blocks = []
        for _ in range(depth):
            self.blocks.append((layers.Dense(width, use_bias=False), layers.BatchNormalization(momentum=0.9)))
        self.flat = [l for pair in self.blocks for l in pair]
        self.act = layers.Activation("sigmoid")
        self.head = layers.Dense(classes)

    def call(self, x, training=None):
        for dense, norm in self.blocks:
            x = self.act(norm(dense(x), training=training))
        return self.head(x)

    def train_step(self, data):
        x, y = data
        self.zero_grad()
        y_pred = self(x, training=False)
        loss = self.compute_loss(y=y, y_pred=y_pred)
        loss.backward()
        variables = [v for v in self.trainable_weights]
        gradients = [v.value.grad for v in variables]
        with torch.no_grad():
            self.optimizer.apply(gradients, variables)
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss)
            else:
                metric.update_state(y, y_pred)
        return {m.name: m.result() for m in self.metrics}


# six noisy rings in 10 dimensions
rng = np.random.default_rng(8)
centres = rng.normal(0, 1, (18, 10))
which = rng.integers(0, 18, 3000)
X = (centres[which] + rng.normal(0, 0.35, (3000, 10))).astype("float32")
y = (which % 6).astype("int64")

model = Net()
model.compile(
    optimizer=keras.optimizers.Adam(3e-3),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
model.fit(X[:2400], y[:2400], epochs=8, batch_size=64, verbose=2)
loss, acc = model.evaluate(X[2400:], y[2400:], batch_size=600, verbose=0)
print("held-out accuracy", round(float(acc), 3))
