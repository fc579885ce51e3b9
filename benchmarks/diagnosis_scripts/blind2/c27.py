import torch
import torch.nn as nn

torch.manual_seed(66)


class Trainer:
    def __init__(self, model, lr):
        self.model = model
        self.opt = torch.optim.Adam(model.parameters(), lr=lr)
        self.loss = nn.MSELoss()

    def epoch(self, x, y, batch_size=20):
        self.opt.zero_grad()
        total = 0.0
        for idx in torch.randperm(len(x)).split(batch_size):
            out = self.model(x[idx])
            loss = self.loss(out, y[idx])
            loss.backward()
            self.opt.step()
            total += loss.item() * len(idx)
        return total / len(x)

    def score(self, x, y):
        with torch.no_grad():
            return 1 - self.loss(self.model(x), y).item() / y.var().item()


def robot_arm(n):
    q = (torch.rand(n, 3) - 0.5) * 3
    px = torch.cos(q[:, 0]) + 0.8 * torch.cos(q[:, 0] + q[:, 1]) + 0.5 * torch.cos(q.sum(1))
    py = torch.sin(q[:, 0]) + 0.8 * torch.sin(q[:, 0] + q[:, 1]) + 0.5 * torch.sin(q.sum(1))
    return q, torch.stack([px, py], 1)


x, y = robot_arm(2000)
xv, yv = robot_arm(500)
trainer = Trainer(nn.Sequential(nn.Linear(3, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 2)), lr=1e-2)
for e in range(30):
    train_loss = trainer.epoch(x, y)
    if e % 3 == 2:
        print(f"epoch {e + 1:3d}  loss {train_loss:.4f}  R2 {trainer.score(xv, yv):.3f}")
print("final R2", trainer.score(xv, yv))
