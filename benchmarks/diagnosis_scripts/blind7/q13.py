# Exon / intron tagging with a BiLSTM-CRF; the partition function is computed by hand in log space.
import random

import torch
import torch.nn as nn

random.seed(4)
torch.manual_seed(4)
TAGS = ["intergenic", "exon", "intron"]
GC = {0: [0.25] * 4, 1: [0.05, 0.45, 0.45, 0.05], 2: [0.44, 0.06, 0.06, 0.44]}


def gene(length=40):
    tags, bases, state, left = [], [], 0, random.randint(4, 9)
    for _ in range(length):
        if left == 0:
            state = {0: 1, 1: random.choice([0, 2]), 2: 1}[state]
            left = random.randint(5, 12)
        bases.append(random.choices(range(4), GC[state])[0])
        tags.append(state)
        left -= 1
    return bases, tags


def dataset(n):
    rows = [gene() for _ in range(n)]
    return torch.tensor([r[0] for r in rows]), torch.tensor([r[1] for r in rows])


class BiLSTMCRF(nn.Module):
    def __init__(self, hidden=24, k=3):
        super().__init__()
        self.emb = nn.Embedding(4, 8)
        self.lstm = nn.LSTM(8, hidden, bidirectional=True, batch_first=True)
        self.emit = nn.Linear(2 * hidden, k)
        self.trans = nn.Parameter(torch.zeros(k, k))

    def emissions(self, x):
        return self.emit(self.lstm(self.emb(x))[0])

    def neg_log_likelihood(self, x, y):
        e = self.emissions(x)
        gold = e.gather(2, y[..., None]).sum((1, 2)) + self.trans[y[:, :-1], y[:, 1:]].sum(1)
        alpha = e[:, 0]
        for t in range(1, e.size(1)):
            alpha = torch.logsumexp(alpha[:, :, None] + self.trans, 1) + e[:, t]
        return (torch.logsumexp(alpha, 1) - gold).mean()

    @torch.no_grad()
    def viterbi(self, x):
        e = self.emissions(x)
        score, back = e[:, 0], []
        for t in range(1, e.size(1)):
            best, arg = (score[:, :, None] + self.trans).max(1)
            score = best + e[:, t]
            back.append(arg)
        path = [score.argmax(1)]
        for arg in reversed(back):
            path.append(arg.gather(1, path[-1][:, None]).squeeze(1))
        return torch.stack(path[::-1], 1)


x, y = dataset(600)
xt, yt = dataset(150)
model = BiLSTMCRF()
optimizer = torch.optim.Adam(model.parameters(), lr=6e-3)
scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.9)
majority = torch.bincount(yt.flatten()).max().item() / yt.numel()
print(f"most frequent tag: {majority:.3f}")
for epoch in range(10):
    total = 0.0
    for idx in torch.randperm(len(x)).split(25):
        optimizer.zero_grad()
        nll = model.neg_log_likelihood(x[idx], y[idx])
        nll.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5)
        optimizer.step()
        total += nll.item() * len(idx)
    scheduler.step()
    acc = (model.viterbi(xt) == yt).float().mean().item()
    print(f"epoch {epoch} nll per gene {total / len(x):.3f} viterbi accuracy {acc:.4f}")
