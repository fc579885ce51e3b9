import numpy as np
import torch
from torch import nn

rng = np.random.default_rng(33)
torch.manual_seed(33)
# "pretrained" word vectors: the first two directions are the topic
VOCAB, DIM = 400, 20
vectors = rng.normal(0, 0.3, size=(VOCAB, DIM))
topic = rng.integers(0, 3, size=VOCAB)
vectors[np.arange(VOCAB), topic] += 1.0


def documents(n):
    label = rng.integers(0, 3, size=n)
    about = rng.random((n, 18)) < 0.35
    words = rng.integers(0, VOCAB, size=(n, 18))
    for k in range(3):
        pool = np.flatnonzero(topic == k)
        rows = about & (label == k)[:, None]
        words[rows] = rng.choice(pool, size=rows.sum())
    return torch.from_numpy(words), torch.from_numpy(label)


class TopicNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding.from_pretrained(torch.tensor(vectors, dtype=torch.float32), freeze=True)
        self.gru = nn.GRU(DIM, 24, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(48, 3)

    def forward(self, w):
        h, _ = self.gru(self.emb(w))
        return self.fc(h.max(dim=1).values)


w, l = documents(1500)
tw, tl = documents(400)
net = TopicNet()
opt = torch.optim.Adam(filter(lambda p: p.requires_grad, net.parameters()), lr=3e-3, weight_decay=1e-5)
for epoch in range(8):
    for i in torch.randperm(1500).split(50):
        loss = nn.functional.cross_entropy(net(w[i]), l[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        print("epoch", epoch, "test accuracy", (net(tw).argmax(1) == tl).float().mean().item())
