import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(60)
x = torch.randn(640, 10, 4)
clean = x[:, :, 0].mean(1) - x[:, :, 2].mean(1)
y = (clean + 0.25 * torch.randn(640) > 0).long()
x_train, y_train, x_val, y_val = x[:240], y[:240], x[240:], y[240:]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(4, 64, num_layers=2, batch_first=True)
        self.fc = nn.Linear(64, 2)

    def forward(self, x):
        return self.fc(self.gru(x)[0][:, -1])


model = Net()
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(120):
    model.train()
    tot = 0.0
    for idx in torch.randperm(240).split(24):
        loss = F.cross_entropy(model(x_train[idx]), y_train[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / 10
    model.eval()
    with torch.no_grad():
        out = model(x_val)
        val = F.cross_entropy(out, y_val).item()
        acc = (out.argmax(1) == y_val).float().mean().item()
    if epoch % 10 == 0 or epoch == 119:
        print(f"epoch {epoch} train loss {tot:.4f} val loss {val:.4f} val acc {acc:.3f}")
