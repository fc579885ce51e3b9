import numpy as np
import torch
import torch.nn as nn

np.random.seed(9)
torch.manual_seed(9)

# 5-fold cross validation, soil sensor -> crop class
N, K = 500, 5
moist = np.random.beta(2, 2, (N, 1)); ph = np.random.normal(6.5, .8, (N, 1)); temp = np.random.normal(15, 5, (N, 1))
score = 2.2 * (moist - .5) * 4 + (ph - 6.5) - (temp - 15) / 5
X = np.hstack([moist, ph, temp]).astype('float32')
y = np.digitize(score[:, 0], [-1.0, 1.0])

folds = np.array_split(np.random.permutation(N), K)
accs = []
for k in range(K):
    te = folds[k]
    tr = np.concatenate([folds[j] for j in range(K) if j != k])
    mu, sd = X[tr].mean(0), X[tr].std(0)
    xt, yt = torch.from_numpy((X[tr] - mu) / sd), torch.from_numpy(y[tr])
    xv, yv = torch.from_numpy((X[te] - mu) / sd), torch.from_numpy(y[te])
    net = nn.Sequential(nn.Linear(3, 24), nn.Tanh(), nn.Linear(24, 3))
    opt = torch.optim.Adam(net.parameters(), lr=1e-2)
    for epoch in range(40):
        net.train()
        for b in torch.randperm(len(xt)).split(20):
            loss = nn.functional.cross_entropy(net(xt[b]), yt[b])
            opt.zero_grad(); loss.backward(); opt.step()
    net.eval()
    with torch.no_grad():
        accs.append((net(xv).argmax(1) == yv).float().mean().item())
    print('fold', k, 'train loss %.3f' % loss.item(), 'acc %.3f' % accs[-1])
print('mean accuracy %.4f' % np.mean(accs))
