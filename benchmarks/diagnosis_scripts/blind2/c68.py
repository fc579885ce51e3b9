import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(17)
accumulation_steps = 4


def copy_first(n, length=12):
    x = torch.randint(0, 6, (n, length))
    return x, x[:, 0]


class Recall(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(6, 12)
        self.lstm = nn.LSTM(12, 40, batch_first=True)
        self.out = nn.Linear(40, 6)

    def forward(self, x):
        o, _ = self.lstm(self.emb(x))
        return self.out(o[:, -1])


train = DataLoader(TensorDataset(*copy_first(2000)), batch_size=8, shuffle=True)
x_val, y_val = copy_first(500)
model = Recall()
optimizer = torch.optim.Adam(model.parameters(), lr=8e-3)
criterion = nn.CrossEntropyLoss()

for epoch in range(12):
    model.train()
    optimizer.zero_grad()
    for i, (x, y) in enumerate(train):
        loss = criterion(model(x), y) / accumulation_steps
        loss.backward()
        if (i + 1) % accumulation_steps == 0 or (i + 1) == len(train):
            optimizer.step()
            optimizer.zero_grad()
    model.eval()
    with torch.no_grad():
        acc = (model(x_val).argmax(-1) == y_val).float().mean()
    print(f"epoch {epoch} last loss {loss.item() * accumulation_steps:.4f} val acc {acc:.3f}")
