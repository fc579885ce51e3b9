import numpy as np
import torch
import torch.nn as nn

# "Pretrained" vectors: three clusters of words; the table stays as it is.
rs = np.random.RandomState(40)
torch.manual_seed(40)
V, D = 200, 25
cluster = rs.randint(0, 3, V)
centres = rs.randn(3, D)
vectors = torch.tensor(centres[cluster] + 0.5 * rs.randn(V, D), dtype=torch.float32)


def documents(n):
    # the text is about the cluster that the majority of its words belong to
    docs, topics = [], []
    while len(docs) < n:
        topic = rs.randint(3)
        p = np.full(3, 0.25); p[topic] = 0.5
        cl = rs.choice(3, size=rs.randint(12, 25), p=p)
        counts = np.bincount(cl, minlength=3)
        if (counts == counts.max()).sum() > 1:
            continue
        docs.append([rs.choice(np.flatnonzero(cluster == c)) + 1 for c in cl])
        topics.append(counts.argmax())
    width = 25
    x = torch.zeros(n, width, dtype=torch.long)
    for i, d in enumerate(docs):
        x[i, :len(d)] = torch.tensor(d)
    return x, torch.tensor(topics)


class Topic(nn.Module):
    def __init__(self, vectors):
        super().__init__()
        table = torch.cat([torch.zeros(1, vectors.size(1)), vectors])
        self.emb = nn.Embedding.from_pretrained(table, freeze=True, padding_idx=0)
        self.gru = nn.GRU(vectors.size(1), 20, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(40, 3)

    def forward(self, x):
        mask = (x > 0).float().unsqueeze(-1)
        out, _ = self.gru(self.emb(x))
        return self.fc((out * mask).sum(1) / mask.sum(1))


x, y = documents(900)
vx, vy = documents(300)
model = Topic(vectors)
params = [p for p in model.parameters() if p.requires_grad]
print("trainable:", sum(p.numel() for p in params), "frozen:", vectors.numel())
opt = torch.optim.RMSprop(params, lr=2e-3)
for epoch in range(10):
    model.train()
    for idx in torch.randperm(900).split(30):
        opt.zero_grad()
        loss = nn.functional.cross_entropy(model(x[idx]), y[idx])
        loss.backward()
        opt.step()
    model.eval()
    with torch.no_grad():
        acc = (model(vx).argmax(1) == vy).float().mean().item()
    print(epoch, f"{loss.item():.3f}", f"{acc:.3f}")
