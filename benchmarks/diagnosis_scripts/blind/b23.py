import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(59)
x = torch.rand(1800, 2) * 6 - 3
y = ((torch.sin(1.5 * x[:, 0]) > 0.4 * x[:, 1]).long() + 2 * (x[:, 0] ** 2 + x[:, 1] ** 2 < 4).long())
loader = DataLoader(TensorDataset(x[:1400], y[:1400]), batch_size=35, shuffle=True)
test_x, test_y = x[1400:], y[1400:]
teacher = nn.Sequential(nn.Linear(2, 96), nn.SiLU(), nn.Linear(96, 96), nn.SiLU(), nn.Linear(96, 4))
student = nn.Sequential(nn.Linear(2, 24), nn.SiLU(), nn.Linear(24, 24), nn.SiLU(), nn.Linear(24, 4))


def accuracy(net):
    with torch.no_grad():
        return (net(test_x).argmax(1) == test_y).float().mean().item()


optimizer = torch.optim.RAdam(teacher.parameters(), lr=5e-3)
for epoch in range(20):
    for xb, yb in loader:
        optimizer.zero_grad()
        F.cross_entropy(teacher(xb), yb).backward()
        optimizer.step()
print("teacher", accuracy(teacher))

teacher.requires_grad_(False).eval()
optimizer = torch.optim.Adam(student.parameters(), lr=8e-3)
TEMPERATURE = 2.0
for epoch in range(25):
    for xb, yb in loader:
        s, t = student(xb), teacher(xb)
        soft = F.kl_div(F.log_softmax(s / TEMPERATURE, 1), F.softmax(t / TEMPERATURE, 1), reduction="batchmean")
        loss = 0.3 * F.cross_entropy(s, yb) + 0.7 * TEMPERATURE ** 2 * soft
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
print("student", accuracy(student))
