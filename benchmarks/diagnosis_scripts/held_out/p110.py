import numpy as np
import torch
from torch import nn

torch.manual_seed(318)
np.random.seed(318)
X = np.random.uniform(-1, 1, (900, 5)).astype("float32")
y = (X[:, 0] * 2 + np.sin(3 * X[:, 1]) - X[:, 2] ** 2).astype("float32")[:, None]
folds = np.array_split(np.random.permutation(900), 3)
scores = []
for k in range(3):
    test = folds[k]
    train = np.concatenate([folds[j] for j in range(3) if j != k])
    mu, sd = y[train].mean(), y[train].std()
    xt, yt = torch.tensor(X[train]), torch.tensor((y[train] - mu) / sd)
    model = nn.Sequential(nn.Linear(5, 32), nn.Tanh(), nn.Linear(32, 1))
    opt = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=1e-4)
    for epoch in range(40):
        for idx in torch.randperm(len(xt)).split(30):
            opt.zero_grad()
            loss = nn.functional.mse_loss(model(xt[idx]), yt[idx])
            loss.backward()
            opt.step()
    with torch.no_grad():
        pred = model(torch.tensor(X[test])).numpy() * sd + mu
    scores.append(float(np.sqrt(((pred - y[test]) ** 2).mean())))
    print("fold", k, "rmse", scores[-1])
print("mean cv rmse", np.mean(scores))
