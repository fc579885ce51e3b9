import torch
from torch import nn

torch.manual_seed(93)
raw = torch.randn(1500, 6) * torch.tensor([30.0, 900.0, 5.0, 200.0, 1.0, 60.0]) + torch.tensor([300.0, 5000.0, 9.0, 800.0, 0.0, 100.0])
z = (raw - raw.mean(0)) / raw.std(0)
target = torch.sin(z[:, :1]) + z[:, 1:2] * 0.5 - z[:, 3:4].abs() + 0.7
model = nn.Sequential(
    nn.BatchNorm1d(6), nn.Linear(6, 48), nn.BatchNorm1d(48), nn.ReLU(), nn.Linear(48, 48), nn.BatchNorm1d(48), nn.ReLU(), nn.Linear(48, 1)
)
optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
loss_fn = nn.MSELoss()


def validate():
    model.eval()
    with torch.no_grad():
        return (model(raw[1200:]) - target[1200:]).abs().mean().item()


print("before training: mae", validate())
for epoch in range(25):
    perm = torch.randperm(1200)
    for i in range(0, 1200, 40):
        b = perm[i:i + 40]
        optimizer.zero_grad()
        loss = loss_fn(model(raw[b]), target[b])
        loss.backward()
        optimizer.step()
    print(f"epoch {epoch + 1} loss {loss.item():.4f} mae {validate():.4f}")
