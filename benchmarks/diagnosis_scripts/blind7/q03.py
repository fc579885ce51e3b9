# minimal gated unit with layer norm, written out by hand (adding problem, 30 steps)
import math
import torch
from torch import nn, Tensor

torch.manual_seed(0)


class MGUCell(nn.Module):
    """h' = (1-f)*h + f*tanh(Wx + U(f*h)),  f = sigmoid(LN(Wf x + Uf h))"""

    def __init__(self, n_in: int, n_hid: int):
        super().__init__()
        self.w = nn.Parameter(torch.empty(2 * n_hid, n_in))
        self.uf = nn.Parameter(torch.empty(n_hid, n_hid))
        self.uh = nn.Parameter(torch.empty(n_hid, n_hid))
        self.b = nn.Parameter(torch.zeros(2 * n_hid))
        self.norm = nn.LayerNorm(n_hid)
        nn.init.xavier_uniform_(self.w)
        nn.init.orthogonal_(self.uf)
        nn.init.orthogonal_(self.uh)
        with torch.no_grad():
            self.b[:n_hid] = -1.0  # slow at first

    def forward(self, x: Tensor, h: Tensor) -> Tensor:
        a, c = (x @ self.w.T + self.b).chunk(2, 1)
        f = torch.sigmoid(self.norm(h @ self.uf.T) + a)
        cand = torch.tanh(c + (f * h) @ self.uh.T)
        return h + f * (cand - h)


class Adder(nn.Module):
    def __init__(self, n_hid=48):
        super().__init__()
        self.n_hid = n_hid
        self.cell = MGUCell(2, n_hid)
        self.out = nn.Linear(n_hid, 1)

    def forward(self, x):
        h = x.new_zeros(x.size(0), self.n_hid)
        for t in range(x.size(1)):
            h = self.cell(x[:, t], h)
        return self.out(h).squeeze(1)


def problem(n, length=30):
    values = torch.rand(n, length)
    marks = torch.zeros(n, length)
    for row in range(n):
        i, j = torch.randperm(length)[:2]
        marks[row, i] = marks[row, j] = 1
    return torch.stack([values, marks], -1), (values * marks).sum(1)


model = Adder()
pool_x, pool_y = problem(4000)
test_x, test_y = problem(500)
baseline = test_y.var().item()
steps, warm = 500, 40
opt = torch.optim.Adam(model.parameters(), lr=8e-3)
sched = torch.optim.lr_scheduler.LambdaLR(
    opt, lambda s: min(1, (s + 1) / warm) * 0.5 * (1 + math.cos(math.pi * min(s, steps) / steps))
)
for step in range(steps):
    idx = torch.randint(0, len(pool_x), (50,))
    loss = nn.functional.mse_loss(model(pool_x[idx]), pool_y[idx])
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    sched.step()
    if step % 100 == 0:
        print(step, "mse", round(loss.item(), 5), "lr", round(sched.get_last_lr()[0], 5))
with torch.no_grad():
    mse = nn.functional.mse_loss(model(test_x), test_y).item()
print("variance of the target", round(baseline, 4), "test mse", round(mse, 5))
