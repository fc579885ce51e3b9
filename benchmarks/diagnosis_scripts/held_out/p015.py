import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(31)


class MultiTask(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.LSTM(3, 32, batch_first=True)
        self.cls = nn.Linear(32, 3)
        self.reg = nn.Linear(32, 1)

    def forward(self, x):
        h = self.trunk(x)[1][0][-1]
        return self.cls(h), self.reg(h).squeeze(-1)


x = torch.randn(2400, 12, 3)
target_cls = x[:, -3:].sum(1).argmax(1)
target_reg = x[:, :, 1].mean(1) * 3
model = MultiTask()
optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
for epoch in range(25):
    perm = torch.randperm(2000)
    for i in range(0, 2000, 50):
        j = perm[i:i + 50]
        c, r = model(x[j])
        loss = F.cross_entropy(c, target_cls[j]) + 0.5 * F.smooth_l1_loss(r, target_reg[j])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        c, r = model(x[2000:])
        acc = (c.argmax(1) == target_cls[2000:]).float().mean()
        mae = (r - target_reg[2000:]).abs().mean()
    if epoch % 3 == 0 or epoch == 24:
        print(f"epoch {epoch} loss {loss.item():.3f} cls_acc {acc:.3f} reg_mae {mae:.3f}")
