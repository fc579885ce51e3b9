"""Distil a GRU teacher into a GRU student a quarter of its size (signal classification)."""
import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(44)


def chirps(n):
    y = torch.randint(4, (n,))
    t = torch.linspace(0, 1, 30)
    start = torch.tensor([2.0, 2.0, 5.0, 5.0])[y].unsqueeze(1)
    end = torch.tensor([2.0, 5.0, 2.0, 5.0])[y].unsqueeze(1)
    phase = 6.28 * (start * t + 0.5 * (end - start) * t**2) + 6.28 * torch.rand(n, 1)
    return (torch.sin(phase) + 0.3 * torch.randn(n, 30)).unsqueeze(-1), y


class GRUClassifier(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.gru = nn.GRU(1, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, 4)

    def forward(self, x):
        o, _ = self.gru(x)
        return self.fc(o.mean(1))


def accuracy(net, x, y):
    net.eval()
    with torch.no_grad():
        return (net(x).argmax(1) == y).float().mean().item()


def fit(net, x, y, xt, yt, epochs, teacher=None, T=2.0, alpha=0.7):
    opt = torch.optim.Adam(net.parameters(), lr=6e-3)
    for epoch in range(epochs):
        net.train()
        for i in torch.randperm(len(x)).split(50):
            logits = net(x[i])
            loss = F.cross_entropy(logits, y[i])
            if teacher is not None:
                with torch.no_grad():
                    soft = F.softmax(teacher(x[i]) / T, dim=1)
                kd = F.kl_div(F.log_softmax(logits / T, dim=1), soft, reduction="batchmean") * T * T
                loss = alpha * kd + (1 - alpha) * loss
            opt.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 2.0)
            opt.step()
        print("  epoch", epoch, "loss %.4f" % loss.item(), "acc %.4f" % accuracy(net, xt, yt))


x, y = chirps(1500)
xt, yt = chirps(500)
teacher, student = GRUClassifier(48), GRUClassifier(16)
print("teacher")
fit(teacher, x, y, xt, yt, 8)
for p in teacher.parameters():
    p.requires_grad_(False)
teacher.eval()
print("student")
fit(student, x, y, xt, yt, 8, teacher)
print("teacher %.4f student %.4f" % (accuracy(teacher, xt, yt), accuracy(student, xt, yt)))
