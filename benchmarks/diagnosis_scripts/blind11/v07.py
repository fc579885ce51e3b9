import os

os.environ["KERAS_BACKEND"] = "torch"

import argparse

import keras
import numpy as np
import torch
from keras import layers
from torch.utils.data import DataLoader, TensorDataset

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=12)
parser.add_argument("--batch-size", type=int, default=64)
parser.add_argument("--lr", type=float, default=0.05)
parser.add_argument("--seed", type=int, default=0)
args = parser.parse_args()

keras.utils.set_random_seed(args.seed)


def shapes_dataset(n, rng, size=14):
    images = rng.normal(0, 0.35, (n, size, size, 1))
    labels = rng.integers(0, 4, n)
    for img, lab in zip(images, labels):
        r, c = rng.integers(1, size - 6, 2)
        if lab == 0:
            img[r:r + 5, c:c + 5] += 0.8
        elif lab == 1:
            img[r + 2, c:c + 5] += 1
            img[r:r + 5, c + 2] += 1
        elif lab == 2:
            for k in range(5):
                img[r + k, c + k] += 1
                img[r + k, c + 4 - k] += 1
        else:
            img[r:r + 5, c:c + 5] += 0.8
            img[r + 1:r + 4, c + 1:c + 4] -= 0.8
    return images.astype("float32"), labels


rng = np.random.default_rng(args.seed)
xtr, ytr = shapes_dataset(1000, rng)
xte, yte = shapes_dataset(400, rng)
train_loader = DataLoader(
    TensorDataset(torch.from_numpy(xtr), torch.from_numpy(ytr)), batch_size=args.batch_size, shuffle=True
)
test_loader = DataLoader(TensorDataset(torch.from_numpy(xte), torch.from_numpy(yte)), batch_size=200)


def block(filters, stride=1):
    return [
        layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False,
                      kernel_initializer="random_normal"),
        layers.BatchNormalization(momentum=0.9),
        layers.ReLU(),
    ]


model = keras.Sequential(
    [keras.Input((14, 14, 1)), *block(8), *block(16, 2), *block(16), *block(32, 2), *block(32),
     layers.GlobalAveragePooling2D(), layers.Dropout(0.1), layers.Dense(4)]
)
optimizer = torch.optim.SGD(model.parameters(), lr=args.lr, momentum=0.9)
criterion = torch.nn.CrossEntropyLoss()

for epoch in range(args.epochs):
    model.train()
    total = 0.0
    for xb, yb in train_loader:
        optimizer.zero_grad()
        logits = model(xb)
        loss = criterion(logits, yb)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(yb)
    model.eval()
    with torch.no_grad():
        hits = sum((model(xb, training=False).argmax(1) == yb).sum().item() for xb, yb in test_loader)
    print(f"epoch {epoch + 1:2d}  loss {total / len(xtr):.4f}  test acc {hits / len(xte):.4f}")
print("final accuracy", hits / len(xte))
