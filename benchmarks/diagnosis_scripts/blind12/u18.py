"""3-fold cross validation of a packed BiLSTM on sentences of different length."""
import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence
from torch.utils.data import DataLoader, Subset

SEED = 77
torch.manual_seed(SEED)
rng = np.random.default_rng(SEED)

# tokens 1..40; 1-5 good, 6-10 bad, 11 negates the next word
def review():
    n = int(rng.integers(4, 16))
    toks = rng.integers(12, 41, n)
    at = int(rng.integers(1, n))
    good = rng.random() < 0.5
    toks[at] = rng.integers(1, 6) if good else rng.integers(6, 11)
    if rng.random() < 0.4:
        toks[at - 1] = 11
        good = not good
    return torch.tensor(toks), int(good)


data = [review() for _ in range(1200)]


def collate(batch):
    batch.sort(key=lambda p: len(p[0]), reverse=True)
    lengths = torch.tensor([len(s) for s, _ in batch])
    return pad_sequence([s for s, _ in batch], batch_first=True), lengths, torch.tensor([l for _, l in batch])


class Sentiment(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(41, 16, padding_idx=0)
        self.lstm = nn.LSTM(16, 20, batch_first=True, bidirectional=True)
        self.drop = nn.Dropout(0.2)
        self.fc = nn.Linear(40, 2)

    def forward(self, x, lengths):
        packed = pack_padded_sequence(self.emb(x), lengths, batch_first=True)
        _, (h, _) = self.lstm(packed)
        return self.fc(self.drop(torch.cat([h[0], h[1]], dim=1)))


folds = np.array_split(rng.permutation(len(data)), 3)
scores = []
for k in range(3):
    train_idx = np.concatenate([f for j, f in enumerate(folds) if j != k])
    train = DataLoader(Subset(data, train_idx.tolist()), 25, shuffle=True, collate_fn=collate)
    val = DataLoader(Subset(data, folds[k].tolist()), 100, collate_fn=collate)
    model = Sentiment()
    opt = torch.optim.Adam(model.parameters(), lr=0.01)
    for epoch in range(6):
        model.train()
        for x, lengths, y in train:
            opt.zero_grad()
            nn.functional.cross_entropy(model(x, lengths), y).backward()
            opt.step()
    model.eval()
    with torch.no_grad():
        hits = sum((model(x, lengths).argmax(1) == y).sum().item() for x, lengths, y in val)
    scores.append(hits / len(folds[k]))
    print(f"fold {k + 1}: accuracy {scores[-1]:.4f}")
print(f"mean accuracy {np.mean(scores):.4f}")
