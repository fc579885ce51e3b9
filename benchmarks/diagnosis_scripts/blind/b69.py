import torch
import torch.nn as nn
from torch.utils.data import DataLoader

torch.manual_seed(71)
basis = torch.randn(4, 30)
codes = torch.randn(1500, 4)
clean = torch.tanh(codes @ basis * 0.6)


class DenoisingAutoencoder(nn.Module):
    def __init__(self, n, k):
        super().__init__()
        self.encode = nn.Sequential(nn.Linear(n, 64), nn.ELU(), nn.Linear(64, k))
        self.decode = nn.Sequential(nn.Linear(k, 64), nn.ELU(), nn.Linear(64, n), nn.Tanh())

    def forward(self, x):
        return self.decode(self.encode(x))


model = DenoisingAutoencoder(30, 6)
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(25):
    for batch in DataLoader(clean[:1200], batch_size=40, shuffle=True):
        noisy = batch + 0.2 * torch.randn_like(batch)
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(noisy), batch)
        loss.backward()
        optimizer.step()
    if epoch % 5 == 4:
        print(epoch + 1, loss.item())
with torch.no_grad():
    rest = clean[1200:]
    print("share of variance lost:", (nn.functional.mse_loss(model(rest), rest) / rest.var()).item())
