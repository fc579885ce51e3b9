"""Distil a CNN teacher into a smaller student; bfloat16 autocast, label smoothing, one-cycle schedule."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(50)
TEMP, ALPHA = 3.0, 0.7


def patterns(n):
    """12x12 images: gratings of four orientations, random phase, noise."""
    y = torch.randint(0, 4, (n,))
    angle = y.float() * torch.pi / 4
    yy, xx = torch.meshgrid(torch.arange(12.0), torch.arange(12.0), indexing="ij")
    phase = torch.rand(n, 1, 1) * 6.28
    proj = xx * torch.cos(angle)[:, None, None] + yy * torch.sin(angle)[:, None, None]
    return (torch.sin(proj * 1.2 + phase) + 1.0 * torch.randn(n, 12, 12)).unsqueeze(1), y


def cnn(width):
    return nn.Sequential(
        nn.Conv2d(1, width, 3, bias=False), nn.BatchNorm2d(width), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(width, 2 * width, 3), nn.ReLU(), nn.AdaptiveMaxPool2d(1), nn.Flatten(),
        nn.Dropout(0.1), nn.Linear(2 * width, 4))


def accuracy(model, x, y):
    model.eval()
    with torch.no_grad():
        return (model(x).argmax(1) == y).float().mean().item()


x_train, y_train = patterns(800)
x_test, y_test = patterns(400)
loader = DataLoader(TensorDataset(x_train, y_train), batch_size=40, shuffle=True)

teacher = cnn(12)
opt = torch.optim.AdamW(teacher.parameters(), lr=5e-3)
smooth = nn.CrossEntropyLoss(label_smoothing=0.1)
for epoch in range(5):
    teacher.train()
    for x, y in loader:
        opt.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = smooth(teacher(x), y)
        loss.backward()
        opt.step()
    print(f"teacher {epoch + 1}: accuracy {accuracy(teacher, x_test, y_test):.4f}")

for p in teacher.parameters():
    p.requires_grad_(False)
teacher.eval()
student = cnn(5)
opt = torch.optim.AdamW(student.parameters(), lr=1e-3)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=1e-2, total_steps=8 * len(loader))
for epoch in range(8):
    student.train()
    for x, y in loader:
        with torch.no_grad():
            soft = F.softmax(teacher(x) / TEMP, dim=1)
        logits = student(x)
        kd = F.kl_div(F.log_softmax(logits / TEMP, dim=1), soft, reduction="batchmean") * TEMP ** 2
        loss = ALPHA * kd + (1 - ALPHA) * F.cross_entropy(logits, y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
    print(f"student {epoch + 1}: accuracy {accuracy(student, x_test, y_test):.4f}")
