# Topic of short documents. Step 1 builds word vectors from co-occurrence (PPMI + SVD), step 2 keeps them fixed.
import numpy as np
import torch
import torch.nn as nn

SEED = 100
rng = np.random.default_rng(SEED)
torch.manual_seed(SEED)

V, TOPICS, LEN = 300, 6, 16
topic_word = np.full((TOPICS, V), 0.2)
for k in range(TOPICS):
    topic_word[k, 40 * k : 40 * k + 40] = 2.0
topic_word /= topic_word.sum(1, keepdims=True)


def docs(n):
    y = rng.integers(0, TOPICS, n)
    return np.stack([rng.choice(V, LEN, p=topic_word[k]) for k in y]), y


raw_text, _ = docs(6000)
small_x, small_y = docs(300)
test_x, test_y = docs(1000)

co = np.zeros((V, V))
for d in raw_text:
    for shift in range(1, 5):
        np.add.at(co, (d[:-shift], d[shift:]), 1)
co = co + co.T
p = co / co.sum()
pw = p.sum(1)
ppmi = np.maximum(np.log((p + 1e-12) / (pw[:, None] * pw[None])), 0)
u, s, _ = np.linalg.svd(ppmi)
vectors = u[:, :20] * np.sqrt(s[:20])
vectors = (vectors / vectors.std()).astype(np.float32)
print("word vectors", vectors.shape)


class TopicNet(nn.Module):
    def __init__(self, vectors):
        super().__init__()
        self.emb = nn.Embedding.from_pretrained(torch.from_numpy(vectors))
        self.gru = nn.GRU(vectors.shape[1], 24, batch_first=True)
        self.fc = nn.Linear(24, TOPICS)

    def forward(self, x):
        h, _ = self.gru(self.emb(x))
        return self.fc(h.mean(1))


X, Y = torch.from_numpy(small_x), torch.from_numpy(small_y)
XT, YT = torch.from_numpy(test_x), torch.from_numpy(test_y)
net = TopicNet(vectors)
trainable = [p for p in net.parameters() if p.requires_grad]
print("parameters:", sum(p.numel() for p in net.parameters()), "of which trained:", sum(p.numel() for p in trainable))
opt = torch.optim.Adam(trainable, lr=5e-3)
for epoch in range(25):
    total = 0.0
    net.train()
    for b in torch.randperm(300).split(16):
        loss = nn.functional.cross_entropy(net(X[b]), Y[b], label_smoothing=0.05)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(b)
    net.eval()
    with torch.no_grad():
        acc = (net(XT).argmax(1) == YT).float().mean().item()
    if epoch % 4 == 0:
        print(f"epoch {epoch:2d} loss {total / 300:.4f} test acc {acc:.4f}")
print("test accuracy", round(acc, 4))
