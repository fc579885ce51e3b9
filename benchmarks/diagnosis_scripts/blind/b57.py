import numpy as np
import torch
from torch import nn

torch.manual_seed(39)
rng = np.random.RandomState(39)
X = rng.uniform(-2, 2, (1500, 4)).astype(np.float32)
clean = X[:, 0] ** 2 - X[:, 1] * X[:, 2] + np.abs(X[:, 3])
y = clean + 0.1 * rng.standard_t(1.5, 1500)
y = y.astype(np.float32)
Xt, ct = torch.from_numpy(X[1200:]), torch.from_numpy(clean[1200:].astype(np.float32))
net = nn.Sequential(nn.Linear(4, 50), nn.Softplus(), nn.Linear(50, 50), nn.Softplus(), nn.Linear(50, 1))
criterion = nn.SmoothL1Loss(beta=0.5)
optimizer = torch.optim.RMSprop(net.parameters(), lr=2e-3, alpha=0.9)
plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=3)
for epoch in range(40):
    losses = []
    for rows in np.array_split(rng.permutation(1200), 40):
        out = net(torch.from_numpy(X[rows])).squeeze(-1)
        loss = criterion(out, torch.from_numpy(y[rows]))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    plateau.step(float(np.mean(losses)))
    if epoch % 8 == 7:
        print(f"epoch {epoch + 1} loss {np.mean(losses):.4f} lr {optimizer.param_groups[0]['lr']:.1e}")
with torch.no_grad():
    e = net(Xt).squeeze(-1) - ct
print("R2 against the clean surface:", 1 - (e.pow(2).mean() / ct.var()).item())
