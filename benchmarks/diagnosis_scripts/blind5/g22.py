# "Predict tomorrow": up or down from technical indicators. Prices are simulated so that the script is self-contained.
import numpy as np
import torch
from torch import nn

np.random.seed(1987)
torch.manual_seed(1987)

MOMENTUM = 0.0
n = 4000
ret = np.zeros(n)
for i in range(1, n):
    ret[i] = MOMENTUM * ret[i - 1] + 0.01 * np.random.randn()
price = 100 * np.exp(np.cumsum(ret))


def sma(x, k):
    c = np.cumsum(np.insert(x, 0, 0))
    return (c[k:] - c[:-k]) / k


def features(p):
    rows, ups = [], []
    r = np.diff(np.log(p))
    for i in range(30, len(r) - 1):
        w = r[i - 13:i + 1]
        gain, drop = w[w > 0].sum(), -w[w < 0].sum()
        rsi = gain / (gain + drop + 1e-9)
        ma5, ma20 = sma(p[i - 4:i + 2], 5)[-1], sma(p[i - 19:i + 2], 20)[-1]
        rows.append([r[i], r[i - 1], r[i - 2], rsi, ma5 / ma20 - 1, w.std()])
        ups.append(r[i + 1] > 0)
    f = np.array(rows)
    return torch.tensor((f - f.mean(0)) / f.std(0), dtype=torch.float32), torch.tensor(ups).float()


X, Y = features(price)
cut = 3000
model = nn.Sequential(nn.Linear(6, 32), nn.ReLU(), nn.Dropout(0.1), nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, 1))
opt = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-4)
loss_fn = nn.BCEWithLogitsLoss()

for epoch in range(1, 13):
    model.train()
    train_loss = 0
    for b in torch.randperm(cut).split(60):
        opt.zero_grad()
        loss = loss_fn(model(X[b]).squeeze(1), Y[b])
        loss.backward()
        opt.step()
        train_loss += loss.item() * len(b) / cut
    model.eval()
    with torch.no_grad():
        out = model(X[cut:]).squeeze(1)
        val = loss_fn(out, Y[cut:]).item()
        hit = ((out > 0).float() == Y[cut:]).float().mean().item()
    if epoch % 2 == 0:
        print(f"{epoch:2d} train {train_loss:.4f} valid {val:.4f} hit rate {hit:.3f}")
print(f"hit rate out of sample: {hit:.3f}")
