import torch
import torch.nn as nn

DROPOUT = 0.97
HIDDEN = 48
torch.manual_seed(120)


class SequenceModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(20, 24)
        self.drop = nn.Dropout(DROPOUT)
        self.lstm = nn.LSTM(24, HIDDEN, num_layers=2, batch_first=True, dropout=DROPOUT)
        self.out = nn.Linear(HIDDEN, 4)

    def forward(self, x):
        h, _ = self.lstm(self.drop(self.embedding(x)))
        return self.out(self.drop(h.mean(1)))


y = torch.randint(0, 4, (1500,))
x = torch.randint(4, 20, (1500, 10))
for i in range(1500):
    x[i, torch.randperm(10)[:2]] = y[i]
model = SequenceModel()
optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
criterion = nn.CrossEntropyLoss()
for epoch in range(12):
    model.train()
    tot = 0.0
    for idx in torch.randperm(1200).split(32):
        optimizer.zero_grad()
        loss = criterion(model(x[idx]), y[idx])
        loss.backward()
        optimizer.step()
        tot += loss.item() * len(idx)
    model.eval()
    with torch.no_grad():
        acc = (model(x[1200:]).argmax(1) == y[1200:]).float().mean().item()
    print(f"epoch {epoch:02d} train_loss {tot / 1200:.4f} val_acc {acc:.4f}")
