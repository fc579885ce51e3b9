# Event logs of different length -> type of session (4 types). BiGRU on packed sequences.
import numpy as np
import torch
import torch.nn as nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence

rs = np.random.RandomState(21)
torch.manual_seed(21)

VOCAB, TYPES = 30, 4
prefs = rs.dirichlet(np.ones(VOCAB) * 0.4, size=TYPES)


def session():
    k = rs.randint(TYPES)
    n = rs.randint(6, 25)
    return torch.from_numpy(rs.choice(VOCAB, size=n, p=prefs[k]) + 1), k


data = [session() for _ in range(1500)]
train, test = data[:1200], data[1200:]


def collate(chunk):
    seqs = [s for s, _ in chunk]
    labels = torch.tensor([k for _, k in chunk])
    lengths = torch.tensor([len(s) for s in seqs])
    padded = pad_sequence(seqs, batch_first=True)
    lengths, order = lengths.sort(descending=True)
    return padded[order], lengths, labels


class SessionNet(nn.Module):
    def __init__(self, dim=16, hidden=24):
        super().__init__()
        self.emb = nn.Embedding(VOCAB + 1, dim, padding_idx=0)
        self.gru = nn.GRU(dim, hidden, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(2 * hidden, TYPES)

    def forward(self, tokens, lengths):
        packed = pack_padded_sequence(self.emb(tokens), lengths, batch_first=True)
        _, h = self.gru(packed)
        return self.fc(torch.cat([h[0], h[1]], dim=1))


model = SessionNet()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
loss_fn = nn.CrossEntropyLoss()


def run(chunk_list, learn):
    seen = good = loss_sum = 0
    for i in range(0, len(chunk_list), 40):
        tokens, lengths, labels = collate(chunk_list[i:i + 40])
        with torch.set_grad_enabled(learn):
            logits = model(tokens, lengths)
            loss = loss_fn(logits, labels)
        if learn:
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        seen += len(labels)
        good += (logits.argmax(1) == labels).sum().item()
        loss_sum += loss.item() * len(labels)
    return loss_sum / seen, good / seen


for epoch in range(1, 11):
    rs.shuffle(train)
    model.train()
    tl, ta = run(train, True)
    model.eval()
    vl, va = run(test, False)
    print(f"epoch {epoch:2d} | train {tl:.3f} {ta:.3f} | test {vl:.3f} {va:.3f}")
