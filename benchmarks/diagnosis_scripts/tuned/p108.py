import torch
import torch.nn as nn
import torch.utils.data as data

torch.manual_seed(9)


def houses(n):
    rooms = torch.randint(1, 8, (n, 1)).float()
    area = rooms * 25 + 20 * torch.rand(n, 1)
    age = torch.rand(n, 1) * 60
    near = torch.rand(n, 1)
    price = 60_000 + 2_500 * area - 1_200 * age + 90_000 * near * rooms / 4
    return torch.cat([rooms, area, age, near], 1), price


feats, price = houses(1500)
feats = (feats - feats.mean(0)) / feats.std(0)
target = price
ds = data.TensorDataset(feats, target)
tr, te = data.random_split(ds, [1200, 300])
dl = data.DataLoader(tr, batch_size=64, shuffle=True)

model = nn.Sequential(nn.Linear(4, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
criterion = nn.L1Loss()
for epoch in range(40):
    s = 0.0
    for xb, yb in dl:
        pred = model(xb)
        loss = criterion(pred, yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        s += loss.item()
    if (epoch + 1) % 5 == 0:
        print(f"epoch {epoch + 1}: L1 {s / len(dl):.4f}")

with torch.no_grad():
    xb, yb = te[:]
    print("test MAPE", ((model(xb) - yb).abs() / yb).mean().item())
