import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(130)
classes = 10
y = torch.randint(0, classes, (1500,))
x = torch.randn(classes, 25)[y] + 0.7 * torch.randn(1500, 25)
train_dl = DataLoader(TensorDataset(x[:1200], y[:1200]), batch_size=30, shuffle=True)
valid_dl = DataLoader(TensorDataset(x[1200:], y[1200:]), batch_size=10)

model = nn.Sequential(nn.Linear(25, 50), nn.ReLU(), nn.Linear(50, classes))
opt = torch.optim.Adam(model.parameters(), lr=0.002)
loss_func = nn.CrossEntropyLoss()


def evaluate():
    model.eval()
    correct, seen, loss = 0, 0, 0.0
    for xb, yb in valid_dl:
        with torch.no_grad():
            logits = model(xb)
        loss += loss_func(logits, yb).item() * len(yb)
        pred = torch.argmax(logits, dim=0)
        correct += sum(int(p == t) for p, t in zip(pred, yb))
        seen += len(yb)
    return loss / seen, correct / seen


for epoch in range(15):
    model.train()
    for xb, yb in train_dl:
        opt.zero_grad()
        loss_func(model(xb), yb).backward()
        opt.step()
    vl, va = evaluate()
    print(f"epoch {epoch + 1} valid loss {vl:.4f} accuracy: {va:.4f}")
