import copy

import torch
import torch.nn as nn

torch.manual_seed(314)
X = torch.randn(4000, 6)
clean = X[:, 0] + X[:, 1] * 0.5 > 0
flip = torch.rand(4000) < 0.15
Y = (clean ^ flip).float().unsqueeze(1)
tr, va, te = slice(0, 2800), slice(2800, 3400), slice(3400, 4000)
net = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 1))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
bce = nn.BCEWithLogitsLoss()
best, best_state, wait = 9.9, None, 0
for epoch in range(60):
    net.train()
    for idx in torch.randperm(2800).split(64):
        opt.zero_grad()
        loss = bce(net(X[tr][idx]), Y[tr][idx])
        loss.backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        v = bce(net(X[va]), Y[va]).item()
    print(f"epoch {epoch} valid {v:.4f}")
    if v < best:
        best, best_state, wait = v, copy.deepcopy(net.state_dict()), 0
    else:
        wait += 1
        if wait == 5:
            print("stopped")
            break
net.load_state_dict(best_state)
with torch.no_grad():
    print("test acc", ((net(X[te]) > 0).float() == Y[te]).float().mean().item())
