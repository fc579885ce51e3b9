import numpy as np
import torch
from torch import nn

rng = np.random.default_rng(67)
torch.manual_seed(67)
# a threshold autoregression: the next step is far from the last value
s = [0.0, 0.3]
for _ in range(2600):
    s.append((-0.8 if s[-2] > 0 else 0.7) * s[-1] + (0.6 if s[-2] < 0.2 else -0.4) + 0.1 * rng.normal())
s = np.array(s, "float32")
mean, std = s[:2000].mean(), s[:2000].std()
z = torch.tensor((s - mean) / std)
WIN = 10
X = z.unfold(0, WIN, 1)[:-1].unsqueeze(2)
Y = z[WIN:]
parts = {"train": slice(0, 1800), "valid": slice(1800, 2100), "test": slice(2100, None)}


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(1, 24, batch_first=True)
        self.fc = nn.Linear(24, 1)

    def forward(self, x):
        return x[:, -1, 0] + self.fc(self.lstm(x)[0][:, -1]).squeeze(-1)


net = Net()
opt = torch.optim.NAdam(net.parameters(), lr=4e-3)
best, patience, bad, keep = np.inf, 5, 0, None
for epoch in range(40):
    order = torch.randperm(1800)
    for i in range(0, 1800, 40):
        rows = order[i : i + 40]
        opt.zero_grad()
        ((net(X[rows]) - Y[rows]) ** 2).mean().backward()
        opt.step()
    with torch.no_grad():
        v = ((net(X[parts["valid"]]) - Y[parts["valid"]]) ** 2).mean().item()
    if v < best - 1e-4:
        best, bad, keep = v, 0, {k: t.clone() for k, t in net.state_dict().items()}
    else:
        bad += 1
    print(f"epoch {epoch} valid {v:.4f}")
    if bad >= patience:
        print("stopping early")
        break
net.load_state_dict(keep)
with torch.no_grad():
    t = Y[parts["test"]]
    err = ((net(X[parts["test"]]) - t) ** 2).mean()
    print("R2", 1 - (err / t.var()).item())
