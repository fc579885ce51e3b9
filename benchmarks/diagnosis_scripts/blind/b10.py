import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(27)


class Backbone(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv1d(1, 12, 5, padding=2)
        self.conv2 = nn.Conv1d(12, 24, 5, padding=2)

    def forward(self, x):
        x = F.max_pool1d(F.relu(self.conv1(x)), 2)
        x = F.relu(self.conv2(x))
        return x.amax(dim=2)


def beats(n, kinds):
    """Heart beats: shape by number, at a random place in 48 samples."""
    widths = torch.tensor([1.0, 1.6, 2.4, 3.2, 4.2, 5.4])
    kind = torch.tensor(kinds)[torch.randint(len(kinds), (n,))]
    centre = torch.randint(12, 36, (n, 1)).float()
    t = torch.arange(48).float() - centre
    shape = torch.cos(t / widths[kind][:, None] * 1.5) * torch.exp(-(t / (2 * widths[kind][:, None])) ** 2)
    return (shape + 0.12 * torch.randn(n, 48)).unsqueeze(1), kind


def fit(modules, parameters, x, y, epochs, lr):
    opt = torch.optim.Adam(parameters, lr=lr)
    for _ in range(epochs):
        for i in torch.randperm(len(x)).split(32):
            opt.zero_grad()
            loss = F.cross_entropy(modules(x[i]), y[i])
            loss.backward()
            opt.step()
    return loss.item()


backbone = Backbone()
x, y = beats(1200, [0, 1, 3, 4, 5])
first = nn.Sequential(backbone, nn.Linear(24, 6))
print("pretraining loss", fit(first, first.parameters(), x, y, 10, 4e-3))

# few examples of two other kinds: keep the features, learn a new head
for p in backbone.parameters():
    p.requires_grad_(False)
few_x, few_k = beats(60, [2, 4])
head = nn.Linear(24, 2)
second = nn.Sequential(backbone, head)
print("transfer loss", fit(second, head.parameters(), few_x, (few_k == 4).long(), 60, 1e-2))
test_x, test_k = beats(400, [2, 4])
with torch.no_grad():
    print("transfer accuracy", (second(test_x).argmax(1) == (test_k == 4).long()).float().mean().item())
