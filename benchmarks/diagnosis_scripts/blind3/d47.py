import torch
import torch.nn as nn

# Can a recurrent cell with a single unit learn a leaky tank? level = 0.8 * level + 0.2 * inflow
torch.manual_seed(129)
inflow = torch.rand(400, 25, 1) - 0.5
level = torch.zeros(400, 25, 1)
state = torch.zeros(400, 1)
for t in range(25):
    state = 0.8 * state + 0.2 * inflow[:, t]
    level[:, t] = state


class Tank(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.RNN(1, 1, batch_first=True)
        self.scale = nn.Linear(1, 1)

    def forward(self, x):
        return self.scale(self.cell(x)[0])


tank = Tank()
opt = torch.optim.Adam(tank.parameters(), lr=0.03)
for epoch in range(40):
    for b in torch.randperm(300).split(15):
        loss = ((tank(inflow[:300][b]) - level[:300][b]) ** 2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 8 == 7:
        with torch.no_grad():
            err = ((tank(inflow[300:]) - level[300:]) ** 2).mean()
            print(f"epoch {epoch + 1} train {loss.item():.6f} test r2 {1 - (err / level[300:].var()).item():.4f}")
