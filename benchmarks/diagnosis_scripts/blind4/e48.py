# GRU sentiment model, after bentrevett's tutorials
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

SEED = 1234
torch.manual_seed(SEED)

INPUT_DIM = 400
EMBEDDING_DIM = 32
HIDDEN_DIM = 32
OUTPUT_DIM = 1
N_LAYERS = 2
DROPOUT = 0.9
N_EPOCHS = 8


def fake_imdb(n, length=20):
    lean = torch.zeros(INPUT_DIM)
    lean[:60] = 1.0
    lean[60:120] = -1.0
    y = torch.randint(0, 2, (n,)).float()
    x = torch.randint(120, INPUT_DIM, (n, length))
    for i in range(n):
        k = int(torch.randint(3, 7, (1,)))
        where = torch.randperm(length)[:k]
        same = torch.rand(k) < 0.85
        positive = same == bool(y[i])
        x[i, where] = torch.where(positive, torch.randint(0, 60, (k,)), torch.randint(60, 120, (k,)))
    return TensorDataset(x, y)


class RNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(INPUT_DIM, EMBEDDING_DIM)
        self.rnn = nn.GRU(EMBEDDING_DIM, HIDDEN_DIM, num_layers=N_LAYERS, dropout=DROPOUT, batch_first=True)
        self.fc = nn.Linear(HIDDEN_DIM, OUTPUT_DIM)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, text):
        embedded = self.dropout(self.embedding(text))
        output, hidden = self.rnn(embedded)
        return self.fc(self.dropout(hidden[-1])).squeeze(1)


def binary_accuracy(preds, y):
    return (torch.round(torch.sigmoid(preds)) == y).float().mean().item()


train_iterator = DataLoader(fake_imdb(1600), batch_size=64, shuffle=True)
valid_iterator = DataLoader(fake_imdb(500), batch_size=100)
model = RNN()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
criterion = nn.BCEWithLogitsLoss()


def train():
    model.train()
    loss_sum = acc_sum = 0
    for text, label in train_iterator:
        optimizer.zero_grad()
        predictions = model(text)
        loss = criterion(predictions, label)
        loss.backward()
        optimizer.step()
        loss_sum += loss.item()
        acc_sum += binary_accuracy(predictions, label)
    return loss_sum / len(train_iterator), acc_sum / len(train_iterator)


def evaluate():
    model.eval()
    with torch.no_grad():
        rows = [(criterion(model(t), l).item(), binary_accuracy(model(t), l)) for t, l in valid_iterator]
    return sum(r[0] for r in rows) / len(rows), sum(r[1] for r in rows) / len(rows)


for epoch in range(N_EPOCHS):
    tl, ta = train()
    vl, va = evaluate()
    print(f"Epoch: {epoch + 1:02}\n\tTrain Loss: {tl:.3f} | Train Acc: {ta * 100:.2f}%\n\t Val. Loss: {vl:.3f} |  Val. Acc: {va * 100:.2f}%")
print("Val. Acc", va)
