# District gas demand, next-day forecast from the last 14 days.
# torch port of my old R script
import math
import torch
import torch.nn as nn

torch.manual_seed(11)

days = 900
t = torch.arange(days, dtype=torch.float32)
temp = 9.0 - 11.0 * torch.cos(2 * math.pi * (t - 15) / 365) + 2.5 * torch.randn(days)
weekend = ((t % 7) >= 5).float()
demand = 41000 + 2900 * torch.relu(17 - temp) - 5200 * weekend + 900 * torch.randn(days)

temp_n = (temp - temp.mean()) / temp.std()
dem_n = (demand - demand.mean()) / demand.std()
feats = torch.stack([temp_n, weekend, dem_n], 1)

WIN = 14
X = torch.stack([torch.cat([feats[i:i + WIN, :2].roll(-1, 0), feats[i:i + WIN, 2:]], 1)
                 for i in range(days - WIN - 1)])
for i in range(len(X)):  # the weather forecast for the target day is known
    X[i, -1, :2] = feats[i + WIN, :2]
target = demand
y = torch.stack([target[i + WIN] for i in range(days - WIN - 1)]).unsqueeze(1)

n_train = 700
Xtr, ytr, Xte, yte = X[:n_train], y[:n_train], X[n_train:], y[n_train:]


class GasLSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 32, batch_first=True)
        self.out = nn.Linear(32, 1)

    def forward(self, x):
        h, _ = self.lstm(x)
        return self.out(h[:, -1])


net = GasLSTM()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
crit = nn.MSELoss()

for epoch in range(60):
    net.train()
    perm = torch.randperm(n_train)
    running = 0.0
    for k in range(0, n_train, 50):
        idx = perm[k:k + 50]
        opt.zero_grad()
        loss = crit(net(Xtr[idx]), ytr[idx])
        loss.backward()
        opt.step()
        running += loss.item() * len(idx)
    if epoch % 10 == 9:
        print(f"epoch {epoch + 1:3d}  train mse {running / n_train:.4f}")

net.eval()
with torch.no_grad():
    pred = net(Xte)
r2 = 1 - ((pred - yte) ** 2).sum() / ((yte - yte.mean()) ** 2).sum()
print(f"R2 on the hold-out days: {r2.item():.3f}")
