"""Gesture recognition, own loop over a Keras model with a torch optimizer underneath."""
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(77)
keras.utils.set_random_seed(77)


def gestures(n):
    """Circles left, circles right, zigzags and strokes as (dx, dy) over 24 steps."""
    t = np.linspace(0, 2 * np.pi, 24)
    xs, ys = [], []
    for _ in range(n):
        k = np.random.randint(4)
        a = np.random.uniform(0, 2 * np.pi)
        if k == 0:
            d = np.stack([np.cos(t + a), np.sin(t + a)], 1)
        elif k == 1:
            d = np.stack([np.cos(t + a), -np.sin(t + a)], 1)
        elif k == 2:
            d = np.stack([np.full(24, 0.6), np.sign(np.sin(3 * t + a))], 1)
        else:
            d = np.tile([[np.cos(a), np.sin(a)]], (24, 1))
        xs.append(d + np.random.normal(0, 0.35, d.shape))
        ys.append(k)
    return torch.tensor(np.array(xs), dtype=torch.float32), torch.tensor(ys)


class GestureNet(keras.Model):
    def __init__(self, units=32):
        super().__init__()
        self.lstm = keras.layers.LSTM(units, return_sequences=True, return_state=True)
        self.lstm2 = keras.layers.LSTM(units)
        self.dense = keras.layers.Dense(4)

    def call(self, x):
        seq, h, c = self.lstm(x)
        last = self.lstm2(seq.detach())
        return self.dense(last.detach())


train = DataLoader(TensorDataset(*gestures(1024)), batch_size=32, shuffle=True)
x_test, y_test = gestures(300)

model = GestureNet()
model(x_test[:1])
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
loss_fn = torch.nn.CrossEntropyLoss()

for epoch in range(12):
    running = 0.0
    for inputs, labels in train:
        optimizer.zero_grad()
        loss = loss_fn(model(inputs, training=True), labels)
        loss.backward()
        optimizer.step()
        running += loss.item()
    print(f"[{epoch + 1}] loss: {running / len(train):.3f}")

with torch.no_grad():
    correct = (model(x_test, training=False).argmax(1) == y_test).float().mean()
print(f"accuracy on the test gestures: {correct.item():.3f}")
