"""Keras 3 as torch modules: convolutional net with batch norm, trained by a plain torch loop."""
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch
from keras import layers

keras.utils.set_random_seed(83)


def make_patches(n, size=10):
    """Satellite patches: water, field, forest, town. Brightness differs from scene to scene."""
    y = np.random.randint(0, 4, n)
    grid = np.arange(size)
    x = np.empty((n, size, size, 2), dtype="float32")
    for i in range(n):
        base = np.random.normal(0, 0.5, (size, size))
        if y[i] == 1:
            base += 1.2 * np.sin(1.6 * grid + np.random.rand() * 6)[None, :]
        elif y[i] == 2:
            base += np.random.normal(0, 1.2, (size, size))
        elif y[i] == 3:
            base += 1.5 * ((grid[:, None] // 2 + grid[None, :] // 2) % 2)
        x[i, ..., 0] = 20 + 4 * base
        x[i, ..., 1] = 8 - 3 * base + np.random.normal(0, 1, (size, size))
    return torch.from_numpy(x), torch.from_numpy(y)


def conv_block(filters):
    return [layers.Conv2D(filters, 3, padding="same"), layers.BatchNormalization(momentum=0.9), layers.ReLU()]


model = keras.Sequential(
    [keras.Input((10, 10, 2)), *conv_block(12), *conv_block(12), layers.MaxPooling2D(), *conv_block(16),
     layers.GlobalAveragePooling2D(), layers.Dense(4)]
)
x_train, y_train = make_patches(800)
x_test, y_test = make_patches(300)
loss_fn = torch.nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)

for epoch in range(8):
    model.train()
    losses = []
    for rows in torch.randperm(len(x_train)).split(32):
        logits = model(x_train[rows])
        loss = loss_fn(logits, y_train[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    model.eval()
    with torch.no_grad():
        accuracy = (model(x_test, training=False).argmax(1) == y_test).float().mean().item()
    print(f"epoch {epoch + 1} loss {np.mean(losses):.3f} test accuracy {accuracy:.3f}")
