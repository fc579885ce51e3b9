import numpy as np
import torch
import torch.nn as nn

np.random.seed(19)
torch.manual_seed(19)
X = np.random.uniform(-2, 2, (3400, 2)).astype(np.float32)
label = ((np.floor(X[:, 0]) + np.floor(X[:, 1])) % 2).astype(np.int64)
Xt, yt = torch.from_numpy(X[:2800]), torch.from_numpy(label[:2800])
Xv, yv = torch.from_numpy(X[2800:]), torch.from_numpy(label[2800:])

model = nn.Sequential(nn.Linear(2, 96), nn.ReLU(), nn.Linear(96, 96), nn.ReLU(), nn.Linear(96, 96), nn.ReLU(), nn.Linear(96, 2))
opt = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
epochs, bs = 60, 30
sched = torch.optim.lr_scheduler.CyclicLR(opt, base_lr=0.005, max_lr=0.15, step_size_up=300, mode="triangular2",
                                          cycle_momentum=True)
lrs = []
for e in range(epochs):
    perm = torch.randperm(2800)
    tot = 0
    for k in range(0, 2800, bs):
        b = perm[k:k + bs]
        loss = nn.functional.cross_entropy(model(Xt[b]), yt[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        lrs.append(opt.param_groups[0]["lr"])
        tot += loss.item() * len(b)
    if e % 5 == 4:
        print(f"{e + 1}: lr {lrs[-1]:.4f} loss {tot / 2800:.4f}")
print("checkerboard accuracy", (model(Xv).argmax(1) == yv).float().mean().item())
