# Sleep stages from 30-s epochs of EEG band powers; two-layer GRU, then a dense layer.
import torch
import torch.nn as nn

torch.manual_seed(36)
STAGES, BANDS, CONTEXT = 5, 6, 10
profile = torch.randn(STAGES, BANDS) * 1.2
change = torch.full((STAGES, STAGES), 0.04) + 0.8 * torch.eye(STAGES)


def nights(n):
    s = torch.randint(0, STAGES, (n,))
    xs, ys = [], []
    for _ in range(CONTEXT):
        xs.append(profile[s] + 1.0 * torch.randn(n, BANDS))
        ys.append(s)
        s = torch.multinomial(change[s], 1).squeeze(1)
    return torch.stack(xs, 1), ys[-1]


def init_weights(m):
    for name, p in m.named_parameters(recurse=False):
        if "bias" in name:
            nn.init.zeros_(p)
        else:
            nn.init.constant_(p, 0.01)


class SleepNet(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.gru = nn.GRU(BANDS, hidden, num_layers=2, batch_first=True)
        self.fc1 = nn.Linear(hidden, 32)
        self.fc2 = nn.Linear(32, STAGES)
        self.apply(init_weights)

    def forward(self, x):
        h = self.gru(x)[0][:, -1]
        return self.fc2(torch.relu(self.fc1(h)))


def run_epoch(model, x, y, opt=None, bs=50):
    model.train(opt is not None)
    tot, hit = 0.0, 0
    with torch.set_grad_enabled(opt is not None):
        for b in torch.randperm(len(x)).split(bs):
            logits = model(x[b])
            loss = nn.functional.cross_entropy(logits, y[b])
            if opt is not None:
                opt.zero_grad()
                loss.backward()
                opt.step()
            tot += loss.item() * len(b)
            hit += (logits.argmax(1) == y[b]).sum().item()
    return tot / len(x), hit / len(x)


x, y = nights(2500)
xv, yv = nights(600)
net = SleepNet()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for e in range(10):
    tl, ta = run_epoch(net, x, y, opt)
    vl, va = run_epoch(net, xv, yv)
    print(f"epoch {e} train {tl:.4f}/{ta:.3f} valid {vl:.4f} accuracy {va:.4f}")
