import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(301)
y = torch.randint(0, 4, (1600,))
t = torch.linspace(0, 1, 40)
f = torch.tensor([2.0, 3.5, 5.0, 7.0])[y].unsqueeze(1)
x = torch.sin(6.283 * (f * t + torch.rand(1600, 1))) + 0.5 * torch.randn(1600, 40)
x = x.unsqueeze(1)
train = DataLoader(TensorDataset(x[:1280], y[:1280]), 64, shuffle=True)
net = nn.Sequential(
    nn.Conv1d(1, 16, 7, padding=3), nn.BatchNorm1d(16), nn.ReLU(),
    nn.Conv1d(16, 32, 7, stride=2, padding=3), nn.BatchNorm1d(32), nn.ReLU(),
    nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(32, 4),
)
epochs = 10
opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=0.3, epochs=epochs, steps_per_epoch=len(train))
for epoch in range(epochs):
    net.train()
    for xb, yb in train:
        loss = nn.functional.cross_entropy(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
    net.eval()
    with torch.no_grad():
        acc = (net(x[1280:]).argmax(1) == y[1280:]).float().mean().item()
    print(f"{epoch} lr {sched.get_last_lr()[0]:.4f} loss {loss.item():.4f} acc {acc:.4f}")
