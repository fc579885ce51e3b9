import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(307)
x = torch.randn(2000, 10)
y = (x[:, 0] * x[:, 1] > 0).long() + (x[:, 2] > 0.5).long()
xtr, ytr, xte, yte = x[:1600], y[:1600], x[1600:], y[1600:]


def net(width):
    return nn.Sequential(nn.Linear(10, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 3))


def fit(model, loss_of, epochs):
    opt = torch.optim.Adam(model.parameters(), lr=3e-3)
    for e in range(epochs):
        for idx in torch.randperm(1600).split(40):
            loss = loss_of(model, idx)
            opt.zero_grad()
            loss.backward()
            opt.step()
    return loss.item()


teacher, student = net(64), net(24)
print("teacher loss", fit(teacher, lambda m, i: F.cross_entropy(m(xtr[i]), ytr[i]), 15))
teacher.eval()
for p in teacher.parameters():
    p.requires_grad_(False)
T = 2.0


def distil(m, i):
    with torch.no_grad():
        soft = F.softmax(teacher(xtr[i]) / T, dim=1)
    return F.kl_div(F.log_softmax(m(xtr[i]) / T, dim=1), soft, reduction="batchmean") * T * T


print("student loss", fit(student, distil, 30))
with torch.no_grad():
    for name, m in (("teacher", teacher), ("student", student)):
        print(name, "accuracy", (m(xte).argmax(1) == yte).float().mean().item())
