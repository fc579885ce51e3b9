import torch
from torch import nn

torch.manual_seed(16)
people = torch.randn(60, 10)
mixing = torch.randn(10, 24)


def photo(ids):
    nuisance = torch.randn(len(ids), 10)
    nuisance[:, :7] = 0
    return torch.tanh((people[ids] * torch.tensor([1.0] * 7 + [0] * 3) + 2 * nuisance) @ mixing * 0.4)


embed = nn.Sequential(nn.Linear(24, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 8))
criterion = nn.TripletMarginLoss(margin=1.0)
optimizer = torch.optim.Adam(embed.parameters(), lr=2e-3)
for step in range(1, 1001):
    a = torch.randint(0, 60, (48,))
    b = (a + torch.randint(1, 60, (48,))) % 60
    loss = criterion(embed(photo(a)), embed(photo(a)), embed(photo(b)))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 200 == 0:
        print(step, loss.item())
with torch.no_grad():
    gallery = embed(photo(torch.arange(60)))
    probe = embed(photo(torch.arange(60).repeat(5)))
    nearest = torch.cdist(probe, gallery).argmin(1)
print("identified at first rank:", (nearest == torch.arange(60).repeat(5)).float().mean().item())
