"""House prices in dollars; the model knows the scale, so it answers in dollars."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(50)


class PriceModel(nn.Module):
    def __init__(self, x, y):
        super().__init__()
        self.register_buffer("x_mean", x.mean(0))
        self.register_buffer("x_std", x.std(0))
        self.register_buffer("y_mean", y.mean())
        self.register_buffer("y_std", y.std())
        self.body = nn.Sequential(nn.Linear(x.size(1), 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 1))

    def forward(self, x):
        z = self.body((x - self.x_mean) / self.x_std)
        return z.squeeze(1) * self.y_std + self.y_mean

    def loss(self, x, y):
        return (((self(x) - y) / self.y_std) ** 2).mean()


n = 1200
area = 40 + 160 * torch.rand(n)
rooms = (area / 30).round()
year = 1900 + 120 * torch.rand(n)
dist = 25 * torch.rand(n)
price = 2500 * area * (1.3 - dist / 40) + 900 * (year - 1900) + 12000 * rooms + 12000 * torch.randn(n)
features = torch.stack([area, rooms, year, dist], 1)
train_x, train_y, test_x, test_y = features[:900], price[:900], features[900:], price[900:]
model = PriceModel(train_x, train_y)
loader = DataLoader(TensorDataset(train_x, train_y), batch_size=30, shuffle=True)
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, patience=3, factor=0.5)
for epoch in range(30):
    model.train()
    for x, y in loader:
        loss = model.loss(x, y)
        opt.zero_grad()
        loss.backward()
        opt.step()
    model.eval()
    with torch.no_grad():
        p = model(test_x)
        mae = (p - test_y).abs().mean().item()
        r2 = 1 - ((p - test_y) ** 2).mean().item() / test_y.var().item()
    plateau.step(1 - r2)
    if epoch % 5 == 4:
        print(f"epoch {epoch + 1}: MAE ${mae:,.0f}, R2 {r2:.4f}")
