# Next-day direction from 5 lagged signals. Markets are noisy: 54-57 % is the whole game.
import numpy as np
import torch
from torch import nn

SEED = 21
np.random.seed(SEED)
torch.manual_seed(SEED)

N_DAYS, N_ASSETS, LAGS = 500, 30, 8
signal = np.random.randn(N_DAYS, N_ASSETS, 3)
for t in range(1, N_DAYS):
    signal[t] = 0.6 * signal[t - 1] + 0.8 * signal[t]
noise = np.random.standard_t(5, size=(N_DAYS, N_ASSETS))
returns = np.zeros((N_DAYS, N_ASSETS))
returns[1:] = 0.22 * signal[:-1, :, 0] - 0.15 * signal[:-1, :, 1] + noise[1:]
features = np.concatenate([signal, np.clip(returns, -4, 4)[..., None]], -1).astype(np.float32)

X, y, day = [], [], []
for t in range(LAGS, N_DAYS - 1):
    X.append(features[t - LAGS + 1 : t + 1].transpose(1, 0, 2))
    y.append(returns[t + 1] > 0)
    day.append(np.full(N_ASSETS, t))
X, y, day = np.concatenate(X), np.concatenate(y).astype(np.float32), np.concatenate(day)
fit = day < 350
stop = (day >= 350) & (day < 420)
out = day >= 420
t = torch.from_numpy
Xf, yf, Xs, ys, Xo, yo = t(X[fit]), t(y[fit]), t(X[stop]), t(y[stop]), t(X[out]), t(y[out])
print("windows:", len(Xf), "fit", len(Xs), "stop", len(Xo), "out of sample")


class Direction(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(4, 8, batch_first=True)
        self.drop = nn.Dropout(0.2)
        self.fc = nn.Linear(8, 1)

    def forward(self, x):
        return self.fc(self.drop(self.gru(x)[1][0])).squeeze(-1)


net = Direction()
opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=1e-2)
bce = nn.BCEWithLogitsLoss()
best, best_state, patience = 9.9, None, 0
for epoch in range(25):
    net.train()
    tot = 0
    for idx in torch.randperm(len(Xf)).split(128):
        opt.zero_grad()
        loss = bce(net(Xf[idx]), yf[idx])
        loss.backward()
        opt.step()
        tot += loss.item() * len(idx)
    net.eval()
    with torch.no_grad():
        v = bce(net(Xs), ys).item()
    print(f"{epoch:2d} train {tot / len(Xf):.4f} stop-set {v:.4f}")
    if v < best - 1e-4:
        best, patience = v, 0
        best_state = {k: w.clone() for k, w in net.state_dict().items()}
    else:
        patience += 1
        if patience == 4:
            break
net.load_state_dict(best_state)
net.eval()
with torch.no_grad():
    z = net(Xo)
hit = ((z > 0).float() == yo).float().mean().item()
se = 0.5 / np.sqrt(len(yo))
print(f"out-of-sample hit rate {hit:.4f} ({(hit - 0.5) / se:.1f} standard errors above chance), base rate {yo.mean():.3f}")
print("hit rate", round(hit, 4))
