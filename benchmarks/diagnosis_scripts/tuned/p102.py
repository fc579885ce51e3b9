import os

os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np
import torch

keras.utils.set_random_seed(8)
rng = np.random.default_rng(8)
x = rng.standard_normal((1200, 10)).astype("float32")
y = (np.abs(x[:, 0]) + x[:, 1] > 0.8).astype("int64")

net = keras.Sequential([
    keras.layers.Input((10,)),
    keras.layers.Dense(48, activation="relu"),
    keras.layers.Dense(48, activation="relu"),
    keras.layers.Dense(2),
])
criterion = torch.nn.CrossEntropyLoss()
opt = torch.optim.SGD(net.parameters(), lr=0.2, momentum=0.9)

for epoch in range(20):
    perm = rng.permutation(960)
    total = 0.0
    net.zero_grad()
    for start in range(0, 960, 32):
        idx = perm[start:start + 32]
        logits = net(torch.from_numpy(x[idx]))
        loss = criterion(logits, torch.from_numpy(y[idx]))
        loss.backward()
        opt.step()
        total += loss.item()
    with torch.no_grad():
        pred = net(torch.from_numpy(x[960:])).argmax(1).numpy()
    print(f"epoch {epoch}  loss {total / 30:.4f}  accuracy {np.mean(pred == y[960:]):.3f}")
