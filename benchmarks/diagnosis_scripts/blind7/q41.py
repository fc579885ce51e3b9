"""Slot filling on padded command sequences; prints token accuracy each epoch and writes the best to a dict."""
import random

import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader

random.seed(16)
torch.manual_seed(16)
PAD = 0
NUM, UNIT, DEV, FILL = range(1, 21), range(21, 29), range(29, 49), range(49, 100)


def command():
    words, slots = [], []
    for _ in range(random.randint(2, 7)):
        r = random.random()
        if r < 0.3:
            words += [random.choice(NUM), random.choice(UNIT)]
            slots += [1, 2]
        elif r < 0.45:
            words += [random.choice(NUM)]  # a number without a unit names a scene
            slots += [4]
        elif r < 0.7:
            words.append(random.choice(DEV))
            slots.append(3)
        else:
            words.append(random.choice(FILL))
            slots.append(0)
    return torch.tensor(words), torch.tensor(slots)


def collate(rows):
    x = pad_sequence([r[0] for r in rows], batch_first=True, padding_value=PAD)
    y = pad_sequence([r[1] for r in rows], batch_first=True, padding_value=-1)
    return x, y


class SlotFiller(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(100, 24, padding_idx=PAD)
        self.rnn = nn.LSTM(24, 32, bidirectional=True, batch_first=True)
        self.fc = nn.Linear(64, 5)

    def forward(self, x):
        return self.fc(self.rnn(self.emb(x))[0])


train_loader = DataLoader([command() for _ in range(1200)], batch_size=24, shuffle=True, collate_fn=collate)
valid_loader = DataLoader([command() for _ in range(300)], batch_size=60, collate_fn=collate)
model = SlotFiller()
criterion = nn.CrossEntropyLoss(ignore_index=-1)
optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
best = {"accuracy": 0.0, "epoch": -1}


def token_accuracy(logits, y):
    pred = logits.argmax(dim=1)
    mask = y[:, : pred.size(1)] != -1
    return (pred == y[:, : pred.size(1)])[mask].float().mean().item()


for epoch in range(8):
    model.train()
    running = 0.0
    for x, y in train_loader:
        optimizer.zero_grad()
        logits = model(x)
        loss = criterion(logits.flatten(0, 1), y.flatten())
        loss.backward()
        optimizer.step()
        running += loss.item()
    model.eval()
    with torch.no_grad():
        accs = [token_accuracy(model(x), y) for x, y in valid_loader]
    acc = sum(accs) / len(accs)
    if acc > best["accuracy"]:
        best = {"accuracy": acc, "epoch": epoch}
    print(f"epoch {epoch}: train loss {running / len(train_loader):.4f}, validation token accuracy {acc:.4f}")
print("best epoch", best["epoch"], "accuracy", round(best["accuracy"], 4))
