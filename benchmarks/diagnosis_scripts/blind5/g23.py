"""Restaurant reviews as bags of tokens: EmbeddingBag + MLP, positive or negative."""
import random
import torch
import torch.nn as nn

random.seed(64)
torch.manual_seed(64)

GOOD = "great tasty lovely friendly fresh warm delicious perfect crisp generous".split()
BAD = "cold rude bland slow stale greasy awful burnt noisy dirty".split()
FILL = [f"w{i}" for i in range(60)]
vocab = {w: i for i, w in enumerate(GOOD + BAD + FILL)}


def review():
    label = random.random() < 0.5
    mine, other = (GOOD, BAD) if label else (BAD, GOOD)
    words = random.choices(FILL, k=random.randint(8, 20)) + random.choices(mine, k=random.randint(1, 4))
    if random.random() < 0.5:
        words.append(random.choice(other))
    random.shuffle(words)
    return [vocab[w] for w in words], float(label)


class Reviews(nn.Module):
    def __init__(self, n_words, dim=24, p=0.95):
        super().__init__()
        self.bag = nn.EmbeddingBag(n_words, dim, mode="mean")
        self.mlp = nn.Sequential(
            nn.Dropout(p), nn.Linear(dim, 32), nn.ReLU(),
            nn.Dropout(p), nn.Linear(32, 16), nn.ReLU(),
            nn.Dropout(p), nn.Linear(16, 1),
        )

    def forward(self, ids, offsets):
        return self.mlp(self.bag(ids, offsets)).squeeze(1)


def collate(items):
    ids, offsets, ys = [], [], []
    for words, y in items:
        offsets.append(len(ids))
        ids += words
        ys.append(y)
    return torch.tensor(ids), torch.tensor(offsets), torch.tensor(ys)


train = torch.utils.data.DataLoader([review() for _ in range(2000)], batch_size=32, shuffle=True, collate_fn=collate)
test = collate([review() for _ in range(600)])
model = Reviews(len(vocab))
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(8):
    model.train()
    loss_sum = n = 0
    for ids, offsets, y in train:
        loss = nn.functional.binary_cross_entropy_with_logits(model(ids, offsets), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        loss_sum += loss.item()
        n += 1
    model.eval()
    with torch.no_grad():
        acc = ((model(test[0], test[1]) > 0).float() == test[2]).float().mean().item()
    print(f"epoch {epoch} loss {loss_sum / n:.4f} test accuracy {acc:.4f}")
