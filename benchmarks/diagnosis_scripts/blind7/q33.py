# 5-fold cross validation of a small MLP on a wheat-variety-like table (210 rows), then refit on all rows.
import numpy as np
import torch
from torch import nn

SEED = 62
rng = np.random.default_rng(SEED)
torch.manual_seed(SEED)

means = np.array([[14.3, 14.2, 5.5, 3.2, 2.7], [18.3, 16.1, 6.1, 3.7, 3.6], [11.9, 13.2, 5.2, 2.8, 4.8]])
chol = np.diag([1.2, 0.5, 0.24, 0.18, 1.2])
X = np.concatenate([m + rng.standard_normal((70, 5)) @ chol for m in means])
y = np.repeat([0, 1, 2], 70)
folds = rng.permutation(210).reshape(5, 42)


def fit(xa, ya, epochs=60):
    m, s = xa.mean(0), xa.std(0)
    net = nn.Sequential(nn.Linear(5, 16), nn.Tanh(), nn.Linear(16, 3))
    opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-3)
    loss_fn = nn.CrossEntropyLoss()
    xt, yt = torch.tensor((xa - m) / s, dtype=torch.float32), torch.tensor(ya)
    for _ in range(epochs):
        for b in torch.randperm(len(xt)).split(16):
            opt.zero_grad()
            loss_fn(net(xt[b]), yt[b]).backward()
            opt.step()
    with torch.no_grad():
        final = loss_fn(net(xt), yt).item()
    return lambda q: net(torch.tensor((q - m) / s, dtype=torch.float32)).argmax(1).numpy(), final


scores = []
for k in range(5):
    held = folds[k]
    rest = np.concatenate([folds[j] for j in range(5) if j != k])
    predict, loss = fit(X[rest], y[rest])
    scores.append((predict(X[held]) == y[held]).mean())
    print(f"fold {k + 1}: final train loss {loss:.4f}, accuracy {scores[-1]:.4f}")
predict, loss = fit(X, y)
confusion = np.zeros((3, 3), int)
np.add.at(confusion, (y, predict(X)), 1)
print("refit on all rows, loss %.4f" % loss)
print(confusion)
print(f"cv accuracy +- {np.std(scores):.4f}: {np.mean(scores):.4f}")
