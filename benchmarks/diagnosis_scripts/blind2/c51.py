"""Early detection from short lab series. 120 patients, GRU."""
import torch
from torch import nn

torch.manual_seed(50)
EPOCHS, HIDDEN, DECAY = 200, 48, 0.0


def patients(n):
    x = torch.randn(n, 10, 3)
    risk = x[:, :, 0].mean(1) * 3 + 0.7 * torch.randn(n)
    return x, (risk > 0).float()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(3, HIDDEN, batch_first=True)
        self.fc = nn.Linear(HIDDEN, 1)

    def forward(self, x):
        h, _ = self.gru(x)
        return self.fc(h.mean(1)).squeeze(1)


x, y = patients(120)
xv, yv = patients(1000)
net = Net()
opt = torch.optim.AdamW(net.parameters(), lr=5e-3, weight_decay=DECAY)
bce = nn.BCEWithLogitsLoss()
for epoch in range(EPOCHS):
    net.train()
    for idx in torch.randperm(120).split(20):
        opt.zero_grad()
        loss = bce(net(x[idx]), y[idx])
        loss.backward()
        opt.step()
    if epoch % 20 == 0 or epoch == EPOCHS - 1:
        net.eval()
        with torch.no_grad():
            out = net(xv)
            print(f"epoch {epoch} train loss {loss.item():.4f} val loss {bce(out, yv).item():.4f} val acc {((out > 0) == (yv > 0)).float().mean().item():.3f}")
with torch.no_grad():
    skill = 1 - bce(net(xv), yv).item() / 0.6931
print("skill against a coin (log loss):", round(skill, 4))
