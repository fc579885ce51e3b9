import random
import string
import torch
import torch.nn as nn

random.seed(6)
torch.manual_seed(6)
WORDS = ["".join(random.choice(string.ascii_lowercase) for _ in range(random.randint(3, 7))) for _ in range(40)]
text = " ".join(random.choice(WORDS) for _ in range(5000))
chars = sorted(set(text))
index = {c: i for i, c in enumerate(chars)}
data = torch.tensor([index[c] for c in text])
V, SEQ, BATCH = len(chars), 25, 16


class CharModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(V, 24)
        self.lstm = nn.LSTM(24, 96, batch_first=True)
        self.fc = nn.Linear(96, V)
        self.softmax = nn.Softmax(dim=-1)

    def forward(self, x):
        out, _ = self.lstm(self.embed(x))
        return self.softmax(self.fc(out))


def get_batch(part):
    lo, hi = (0, int(0.9 * len(data))) if part == "train" else (int(0.9 * len(data)), len(data))
    starts = torch.randint(lo, hi - SEQ - 1, (BATCH,))
    x = torch.stack([data[s : s + SEQ] for s in starts])
    y = torch.stack([data[s + 1 : s + SEQ + 1] for s in starts])
    return x, y


net = CharModel()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
ce = nn.CrossEntropyLoss()
for step in range(1, 701):
    x, y = get_batch("train")
    opt.zero_grad()
    loss = ce(net(x).transpose(1, 2), y)
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print(f"{step} {loss.item():.3f}")

hits = []
with torch.no_grad():
    for _ in range(10):
        x, y = get_batch("valid")
        hits.append((net(x).argmax(-1) == y).float().mean().item())
print("next-character accuracy", sum(hits) / len(hits))
