"""Sentence polarity from word ids (toy version of the IMDB tutorial)."""
import torch
import torch.nn as nn

torch.manual_seed(31)
POS, NEG, NEUTRAL = range(0, 10), range(10, 20), range(20, 60)


def sentences(n, length=18):
    x = torch.randint(20, 60, (n, length))
    y = torch.randint(0, 2, (n,))
    for row, label in enumerate(y.tolist()):
        where = torch.randperm(length)[:3]
        x[row, where] = torch.randint(0, 10, (3,)) + (0 if label else 10)
    return x, y.float()


class SentimentLSTM(nn.Module):
    def __init__(self, vocab_size, embedding_dim, hidden_dim):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embedding_dim)
        self.lstm = nn.LSTM(embedding_dim, hidden_dim, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(2 * hidden_dim, 1)
        self.sig = nn.Sigmoid()

    def forward(self, x):
        o, _ = self.lstm(self.embedding(x))
        return self.sig(self.fc(o.mean(1))).squeeze(1)


x_train, y_train = sentences(1500)
x_valid, y_valid = sentences(500)
model = SentimentLSTM(60, 16, 16)
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
criterion = nn.BCEWithLogitsLoss()


def binary_accuracy(preds, y):
    rounded = torch.round(torch.sigmoid(preds))
    return (rounded == y).float().mean().item()


for epoch in range(12):
    perm = torch.randperm(len(x_train))
    for idx in perm.split(32):
        optimizer.zero_grad()
        predictions = model(x_train[idx])
        loss = criterion(predictions, y_train[idx])
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        p = model(x_valid)
        print(f"Epoch {epoch + 1}: loss {criterion(p, y_valid).item():.3f} accuracy {binary_accuracy(p, y_valid):.3f}")
