import random

import torch
import torch.nn as nn
import torch.nn.functional as F

random.seed(5)
torch.manual_seed(5)

pos = "good great superb lovely charming brilliant moving funny warm clever".split()
neg = "bad awful dull boring clumsy weak terrible noisy flat cheap".split()
neutral = ("the a this movie film plot actor scene music story was is and with of in it he she they "
           "really very quite rather some most camera script ending").split()
vocab = {w: i + 2 for i, w in enumerate(pos + neg + neutral + ["not"])}
PAD = 0


def sentence():
    label = random.randint(0, 1)
    words = random.choices(neutral, k=random.randint(6, 14))
    for _ in range(random.randint(1, 3)):
        w_list = pos if label else neg
        if random.random() < 0.3:
            w_list = neg if label else pos
            chunk = ["not", random.choice(w_list)]
        else:
            chunk = [random.choice(w_list)]
        at = random.randint(0, len(words))
        while at < len(words) and at > 0 and words[at - 1] == "not":
            at += 1
        words[at:at] = chunk
    return [vocab[w] for w in words], label


def batchify(items, size=32):
    for i in range(0, len(items), size):
        part = items[i:i + size]
        longest = max(len(s) for s, _ in part)
        x = torch.tensor([[PAD] * (longest - len(s)) + s for s, _ in part])
        y = torch.tensor([l for _, l in part], dtype=torch.float)
        yield x, y


class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, embedding_dim=32, hidden_dim=48, n_layers=2, drop=0.2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embedding_dim, padding_idx=PAD)
        self.lstm = nn.LSTM(embedding_dim, hidden_dim, n_layers, dropout=drop, batch_first=True)
        self.dropout = nn.Dropout(drop)
        self.fc = nn.Linear(hidden_dim, 1)

    def forward(self, x):
        out, _ = self.lstm(self.embedding(x))
        return self.fc(self.dropout(out[:, -1])).squeeze(1)


train = [sentence() for _ in range(1000)]
valid = [sentence() for _ in range(400)]
model = SentimentRNN(len(vocab) + 2)
optimizer = torch.optim.Adam(model.parameters(), lr=0.2)

for epoch in range(5):
    random.shuffle(train)
    model.train()
    train_loss = []
    for x, y in batchify(train):
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(model(x), y)
        loss.backward()
        optimizer.step()
        train_loss.append(loss.item())
    model.eval()
    hits = 0
    with torch.no_grad():
        for x, y in batchify(valid):
            hits += ((model(x) > 0).float() == y).sum().item()
    print("Epoch: {}  Train loss: {:.4f}  Val acc: {:.4f}".format(
        epoch + 1, sum(train_loss) / len(train_loss), hits / len(valid)))
