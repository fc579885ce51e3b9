"""Bag of tokens vs LSTM on star ratings - this is the LSTM half."""
import torch
import torch.nn as nn
import torch.optim as optim

torch.manual_seed(47)
VOCAB, SEQ, STARS = 250, 16, 3


def ratings(n):
    y = torch.randint(0, STARS, (n,))
    x = torch.randint(60, VOCAB, (n, SEQ))
    for slot in range(4):
        where = torch.randint(0, SEQ, (n,))
        x[torch.arange(n), where] = y * 20 + torch.randint(0, 20, (n,))
    return x, y


class RatingLSTM(nn.Module):
    def __init__(self, vocab, emb_dim=50, hidden_dim=64, out=STARS):
        super().__init__()
        self.embedding = nn.Embedding(vocab, emb_dim)
        self.lstm = nn.LSTM(emb_dim, hidden_dim, batch_first=True)
        self.dropout = nn.Dropout(0.1)
        self.fc = nn.Linear(hidden_dim, out)

    def forward(self, text):
        out, _ = self.lstm(self.embedding(text))
        return self.fc(self.dropout(out.amax(1)))


x, y = ratings(2000)
xv, yv = ratings(500)
model = RatingLSTM(VOCAB)
optimizer = optim.SGD(model.parameters(), lr=1e-3)
criterion = nn.CrossEntropyLoss()


def categorical_accuracy(preds, target):
    return (preds.argmax(1) == target).float().mean().item()


for epoch in range(10):
    model.train()
    epoch_loss, epoch_acc, n = 0.0, 0.0, 0
    for batch in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        predictions = model(x[batch])
        loss = criterion(predictions, y[batch])
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item()
        epoch_acc += categorical_accuracy(predictions, y[batch])
        n += 1
    model.eval()
    with torch.no_grad():
        val = categorical_accuracy(model(xv), yv)
    print(f"Epoch: {epoch + 1:02} | Train Loss: {epoch_loss / n:.3f} | Train Acc: {epoch_acc / n:.3f} | Val. Acc: {val:.4f}")
