import random

import torch
import torch.nn as nn

SEED = 11
random.seed(SEED)
torch.manual_seed(SEED)

LR = 3.0
EPOCHS = 10
POS = ["good", "great", "love", "nice", "super"]
NEG = ["bad", "awful", "hate", "poor", "boring"]
FILL = ["the", "movie", "was", "plot", "and", "actor", "a", "very", "in", "we", "saw", "it"]
vocab = {w: i for i, w in enumerate(POS + NEG + FILL)}


def sample():
    label = random.randint(0, 1)
    words = random.choices(FILL, k=9) + random.choices(POS if label else NEG, k=3)
    random.shuffle(words)
    return [vocab[w] for w in words], label


data = [sample() for _ in range(1000)]
X = torch.tensor([d[0] for d in data])
Y = torch.tensor([d[1] for d in data])


class Sentiment(nn.Module):
    def __init__(self):
        super(Sentiment, self).__init__()
        self.emb = nn.Embedding(len(vocab), 20)
        self.lstm = nn.LSTM(20, 48, num_layers=2, batch_first=True)
        self.fc = nn.Linear(48, 2)

    def forward(self, x):
        o, _ = self.lstm(self.emb(x))
        return self.fc(o[:, -1, :])


net = Sentiment()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(net.parameters(), lr=LR)
for epoch in range(EPOCHS):
    order = torch.randperm(800)
    losses = []
    for b in range(0, 800, 25):
        ids = order[b:b + 25]
        optimizer.zero_grad()
        loss = criterion(net(X[ids]), Y[ids])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    print("epoch %d: loss %.3f" % (epoch, sum(losses) / len(losses)))

net.eval()
with torch.no_grad():
    acc = (net(X[800:]).argmax(1) == Y[800:]).float().mean().item()
print("accuracy on test:", round(acc, 3))
