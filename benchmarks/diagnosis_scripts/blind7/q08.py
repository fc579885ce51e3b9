"""Review polarity with negation: recurrent body, dense head."""
import random
import torch
import torch.nn as nn

random.seed(2)
torch.manual_seed(2)

POS, NEG, NOT = list(range(2, 22)), list(range(22, 42)), list(range(42, 46))
VOCAB, LEN = 200, 24


def review():
    words = [random.randint(46, VOCAB - 1) for _ in range(LEN)]
    score = 0
    for p in random.sample(range(0, LEN - 1, 2), 5):
        good = random.random() < 0.5
        flip = random.random() < 0.4
        words[p + 1] = random.choice(POS if good else NEG)
        if flip:
            words[p] = random.choice(NOT)
        score += 1 if good != flip else -1
    return words, int(score > 0)


def table(n):
    rows = [review() for _ in range(n)]
    return torch.tensor([r[0] for r in rows]), torch.tensor([r[1] for r in rows])


class Body(nn.Module):
    def __init__(self, emb=24, hid=32):
        super().__init__()
        self.emb = nn.Embedding(VOCAB, emb)
        self.lstm = nn.LSTM(emb, hid, batch_first=True, bidirectional=True)

    def forward(self, x):
        out, _ = self.lstm(self.emb(x))
        return out.mean(1)


class Polarity(nn.Module):
    def __init__(self, body):
        super().__init__()
        self.body = body
        self.head = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 2))

    def forward(self, x):
        return self.head(self.body(x))


model = Polarity(Body())
for p in model.body.parameters():
    p.requires_grad = False

n_train = sum(p.numel() for p in model.parameters() if p.requires_grad)
print("trainable parameters:", n_train)

Xtr, ytr = table(3000)
Xva, yva = table(600)
optimizer = torch.optim.Adam(filter(lambda p: p.requires_grad, model.parameters()), lr=4e-3)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(10):
    model.train()
    total = correct = 0
    for idx in torch.randperm(len(Xtr)).split(50):
        logits = model(Xtr[idx])
        loss = loss_fn(logits, ytr[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx)
        correct += (logits.argmax(1) == ytr[idx]).sum().item()
    model.eval()
    with torch.no_grad():
        acc = (model(Xva).argmax(1) == yva).float().mean().item()
    print(f"epoch {epoch} loss {total / len(Xtr):.4f} train acc {correct / len(Xtr):.3f} val acc {acc:.3f}")
