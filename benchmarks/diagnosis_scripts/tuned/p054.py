import torch
import torch.nn as nn

torch.manual_seed(0)
r = torch.cat([torch.rand(600) * 0.9, 1.3 + 0.8 * torch.rand(600)])
phi = torch.rand(1200) * 6.2832
points = torch.stack([r * phi.cos(), r * phi.sin()], 1)
labels = (r > 1.1).float().unsqueeze(1)
order = torch.randperm(1200)
points, labels = points[order], labels[order]

model = nn.Sequential(nn.Linear(2, 1))
loss_fn = nn.BCEWithLogitsLoss()
opt = torch.optim.Adam(model.parameters(), lr=0.01)

for epoch in range(50):
    for i in range(0, 1000, 50):
        out = model(points[i:i + 50])
        loss = loss_fn(out, labels[i:i + 50])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 5 == 4:
        with torch.no_grad():
            acc = ((model(points[1000:]) > 0).float() == labels[1000:]).float().mean()
        print("epoch", epoch + 1, "loss", round(loss.item(), 4), "accuracy", acc.item())
