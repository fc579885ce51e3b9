import random

import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence

random.seed(308)
torch.manual_seed(308)
PAD_TAG = -100


def sentence():
    n = random.randint(4, 12)
    w = [random.randint(1, 29) for _ in range(n)]
    # tag depends on the word and on the one before
    t = [(w[i] + (w[i - 1] if i and w[i - 1] < 6 else 0)) % 3 for i in range(n)]
    return torch.tensor(w), torch.tensor(t)


train, dev = [sentence() for _ in range(2000)], [sentence() for _ in range(300)]


class BiLSTMTagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(30, 24, padding_idx=0)
        self.lstm = nn.LSTM(24, 32, bidirectional=True, batch_first=True)
        self.fc = nn.Linear(64, 3)

    def forward(self, w):
        return self.fc(self.lstm(self.emb(w))[0])


model = BiLSTMTagger()
loss_fn = nn.CrossEntropyLoss(ignore_index=PAD_TAG)
opt = torch.optim.Adam(model.parameters(), lr=1e-2)
for epoch in range(10):
    random.shuffle(train)
    for i in range(0, 2000, 50):
        ws, ts = zip(*train[i:i + 50])
        w, t = pad_sequence(ws, batch_first=True), pad_sequence(ts, batch_first=True, padding_value=PAD_TAG)
        loss = loss_fn(model(w).transpose(1, 2), t)
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        ws, ts = zip(*dev)
        w, t = pad_sequence(ws, batch_first=True), pad_sequence(ts, batch_first=True, padding_value=PAD_TAG)
        mask = t != PAD_TAG
        acc = (model(w).argmax(-1)[mask] == t[mask]).float().mean().item()
    print(f"epoch {epoch}: loss {loss.item():.4f}, token accuracy {acc:.4f}")
