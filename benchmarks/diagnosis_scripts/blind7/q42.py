# EMG gestures from my own forearm, GRU + dropout + weight decay, early stopping on validation.
import copy

import numpy as np
import torch
import torch.nn as nn

SEED = 38
rng = np.random.default_rng(SEED)
torch.manual_seed(SEED)

GESTURES, CHANNELS, T = 6, 8, 25
activation = rng.gamma(1.0, 1.0, (GESTURES, CHANNELS))
onset = rng.uniform(0.1, 0.6, (GESTURES, CHANNELS))
PER_GESTURE = 3


def record(per_gesture):
    x, y = [], []
    t = np.linspace(0, 1, T)
    for g in range(GESTURES):
        for _ in range(per_gesture):
            gain = rng.lognormal(0, 0.5, CHANNELS) * activation[g]
            env = gain / (1 + np.exp(-20 * (t[:, None] - onset[g] - 0.12 * rng.standard_normal(CHANNELS))))
            x.append(np.abs(env + 0.35 * rng.standard_normal((T, CHANNELS))))
            y.append(g)
    order = rng.permutation(len(y))
    return torch.tensor(np.array(x)[order], dtype=torch.float32), torch.tensor(np.array(y)[order])


x_train, y_train = record(PER_GESTURE)
x_val, y_val = record(30)
x_test, y_test = record(60)
mean, std = x_train.mean((0, 1)), x_train.std((0, 1))
x_train, x_val, x_test = ((x - mean) / std for x in (x_train, x_val, x_test))
print("recordings:", len(x_train), "train", len(x_val), "validation", len(x_test), "test")


class Gesture(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(CHANNELS, 24, batch_first=True)
        self.drop = nn.Dropout(0.3)
        self.fc = nn.Linear(24, GESTURES)

    def forward(self, x):
        return self.fc(self.drop(self.gru(x)[0].mean(1)))


net = Gesture()
opt = torch.optim.AdamW(net.parameters(), lr=5e-3, weight_decay=1e-2)
lossf = nn.CrossEntropyLoss()
best, best_net, wait = 1e9, None, 0
for epoch in range(80):
    net.train()
    total = 0.0
    for b in torch.randperm(len(x_train)).split(18):
        opt.zero_grad()
        loss = lossf(net(x_train[b]), y_train[b])
        loss.backward()
        opt.step()
        total += loss.item() * len(b)
    net.eval()
    with torch.no_grad():
        out = net(x_val)
        v, va = lossf(out, y_val).item(), (out.argmax(1) == y_val).float().mean().item()
    if epoch % 5 == 0:
        print(f"epoch {epoch:2d} train loss {total / len(x_train):.4f} val loss {v:.4f} val acc {va:.3f}")
    if v < best:
        best, best_net, wait = v, copy.deepcopy(net), 0
    else:
        wait += 1
        if wait > 10:
            break
with torch.no_grad():
    acc = (best_net.eval()(x_test).argmax(1) == y_test).float().mean().item()
print("test accuracy", round(acc, 4))
