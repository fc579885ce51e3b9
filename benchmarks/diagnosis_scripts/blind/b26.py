import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

rng = np.random.default_rng(46)
torch.manual_seed(46)
x = rng.normal(size=(3000, 16)).astype("float32")
W = rng.normal(size=(16, 5))
logit = 2.0 * x @ W / 2 - np.array([0, 1.5, 3, 4, 5])
tags = (logit + 0.4 * rng.normal(size=logit.shape) > 0).astype("float32")
rate = tags[:2400].mean(0)
print("share of each tag", rate)

model = nn.Sequential(nn.Linear(16, 64), nn.ReLU(), nn.BatchNorm1d(64), nn.Dropout(0.2), nn.Linear(64, 5))
criterion = nn.BCEWithLogitsLoss(pos_weight=torch.tensor((1 - rate) / rate))
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=1e-2)
loader = DataLoader(TensorDataset(torch.from_numpy(x[:2400]), torch.from_numpy(tags[:2400])), batch_size=48, shuffle=True)
for epoch in range(12):
    model.train()
    for xb, tb in loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), tb)
        loss.backward()
        optimizer.step()
    print("epoch", epoch, loss.item())

model.eval()
with torch.no_grad():
    guess = (model(torch.from_numpy(x[2400:])) > 0).numpy()
truth = tags[2400:] == 1
balanced = 0.5 * ((guess & truth).sum(0) / truth.sum(0) + (~guess & ~truth).sum(0) / (~truth).sum(0))
print("balanced accuracy of each tag", balanced.round(3).tolist(), "mean", balanced.mean())
