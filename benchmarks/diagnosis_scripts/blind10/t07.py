"""5-fold cross validation of a small MLP on a wine-like table, with early stopping in each fold."""
import copy

import numpy as np
import torch
import torch.nn as nn

SEED = 42
np.random.seed(SEED)
torch.manual_seed(SEED)

centres = np.random.randn(3, 13) * 1.2
scales = np.array([1, 10, 0.1, 5, 100, 0.3, 0.3, 0.05, 0.3, 2, 0.1, 0.5, 700.0])
labels = np.random.randint(0, 3, 400)
table = (centres[labels] + np.random.randn(400, 13)) * scales + 5 * scales


def kfold(n, k):
    idx = np.random.permutation(n)
    folds = np.array_split(idx, k)
    for i in range(k):
        yield np.concatenate(folds[:i] + folds[i + 1:]), folds[i]


def standardise(train, test):
    m, s = train.mean(0), train.std(0)
    return (train - m) / s, (test - m) / s


def fit(xt, yt, xv, yv, patience=8, max_epochs=100):
    model = nn.Sequential(nn.Linear(13, 24), nn.ReLU(), nn.Dropout(0.3), nn.Linear(24, 3))
    opt = torch.optim.AdamW(model.parameters(), lr=5e-3, weight_decay=1e-2)
    loss_fn = nn.CrossEntropyLoss()
    best, best_state, wait = float("inf"), None, 0
    for epoch in range(max_epochs):
        model.train()
        for j in torch.randperm(len(xt)).split(16):
            opt.zero_grad()
            loss_fn(model(xt[j]), yt[j]).backward()
            opt.step()
        model.eval()
        with torch.no_grad():
            val = loss_fn(model(xv), yv).item()
        if val < best - 1e-4:
            best, best_state, wait = val, copy.deepcopy(model.state_dict()), 0
        else:
            wait += 1
            if wait >= patience:
                break
    model.load_state_dict(best_state)
    model.eval()
    with torch.no_grad():
        acc = (model(xv).argmax(1) == yv).float().mean().item()
    return acc, best, epoch + 1


scores = []
for fold, (tr, te) in enumerate(kfold(400, 5)):
    a, b = standardise(table[tr], table[te])
    acc, loss, n = fit(torch.tensor(a, dtype=torch.float32), torch.tensor(labels[tr]),
                       torch.tensor(b, dtype=torch.float32), torch.tensor(labels[te]))
    scores.append(acc)
    print("fold", fold, "epochs", n, "val loss %.4f" % loss, "acc %.4f" % acc)
print("mean accuracy over folds: %.4f" % np.mean(scores))
