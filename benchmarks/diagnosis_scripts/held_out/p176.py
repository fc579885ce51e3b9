import random

import torch
from torch import nn

random.seed(80)
torch.manual_seed(80)


class Matcher(nn.Module):
    """Was the bracket string balanced?"""

    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(3, 8)
        self.enc = nn.LSTM(8, 32, batch_first=True)
        self.head = nn.Linear(32, 2)

    def forward(self, tokens):
        _, (h, _) = self.enc(self.emb(tokens))
        return self.head(h[-1].data)


def walk(n=12):
    depth, s, low = 0, [], 0
    for _ in range(n):
        step = random.choice([1, -1])
        depth += step
        low = min(low, depth)
        s.append(1 if step == 1 else 2)
    return s, int(low >= -1)


pairs = [walk() for _ in range(2500)]
tokens = torch.tensor([p[0] for p in pairs])
labels = torch.tensor([p[1] for p in pairs])
print("share of positives", labels.float().mean().item())
model = Matcher()
opt = torch.optim.Adam(model.parameters(), lr=0.005)
for epoch in range(15):
    for idx in torch.randperm(2000).split(50):
        loss = nn.functional.cross_entropy(model(tokens[idx]), labels[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        acc = (model(tokens[2000:]).argmax(1) == labels[2000:]).float().mean().item()
    print(f"epoch {epoch}: loss {loss.item():.4f} accuracy {acc:.4f}")
