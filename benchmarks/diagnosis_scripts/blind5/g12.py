# Mixture density network on the inverse problem x = y + 0.3 sin(2 pi y) + noise (Bishop's toy).
import math, torch
import torch.nn as nn
torch.manual_seed(206)

def sample(n):
    y = torch.rand(n, 1)
    x = y + 0.3 * torch.sin(2 * math.pi * y) + 0.05 * torch.randn(n, 1)
    return x, y

K = 5
class MDN(nn.Module):
    def __init__(s):
        super().__init__()
        s.body = nn.Sequential(nn.Linear(1, 40), nn.Tanh(), nn.Linear(40, 40), nn.Tanh())
        s.pi, s.mu, s.log_sigma = nn.Linear(40, K), nn.Linear(40, K), nn.Linear(40, K)
        with torch.no_grad():
            s.mu.bias.copy_(torch.linspace(0, 1, K))
    def forward(s, x):
        h = s.body(x)
        return s.pi(h).log_softmax(1), s.mu(h), s.log_sigma(h).clamp(-5, 2)

def nll(out, y):
    logpi, mu, ls = out
    comp = logpi - ls - 0.5 * math.log(2 * math.pi) - 0.5 * ((y - mu) / ls.exp()) ** 2
    return -torch.logsumexp(comp, 1).mean()

net = MDN()
opt = torch.optim.Adam(net.parameters(), 4e-3)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=1e-2, total_steps=1500)
xv, yv = sample(3000)
for step in range(1500):
    x, y = sample(200)
    loss = nll(net(x), y)
    opt.zero_grad(); loss.backward(); opt.step(); sched.step()
    if step % 250 == 0:
        with torch.no_grad():
            print(step, 'val nll', round(nll(net(xv), yv).item(), 4))
with torch.no_grad():
    print('single Gaussian nll', round((0.5 * math.log(2 * math.pi * math.e) + yv.std().log()).item(), 4))
    print('final val nll', round(nll(net(xv), yv).item(), 4))
