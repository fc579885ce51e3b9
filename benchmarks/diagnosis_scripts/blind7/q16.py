"""Phoneme-like frame sequences, GRU classifier, accuracy per epoch on the CPU."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(31)
CLASSES, FRAMES, COEFF = 8, 18, 13

centres = torch.randn(CLASSES, 3, COEFF)


def speak(n):
    y = torch.randint(0, CLASSES, (n,))
    pace = torch.rand(n, 1) * 0.4 + 0.8
    t = (torch.arange(FRAMES).float()[None] / FRAMES * 3 * pace).long().clamp(max=2)
    x = centres[y[:, None], t] + 1.3 * torch.randn(n, FRAMES, COEFF)
    return x, y


class Phones(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(COEFF, 48, batch_first=True)
        self.out = nn.Linear(48, CLASSES)

    def forward(self, x):
        return self.out(self.gru(x)[0].mean(1))


config = {"batch_size": 4096, "lr": 1e-3, "epochs": 10}
train_ds = TensorDataset(*speak(4096))
valid_x, valid_y = speak(800)
loader = DataLoader(train_ds, batch_size=config["batch_size"], shuffle=True)
model = Phones()
optimizer = torch.optim.Adam(model.parameters(), lr=config["lr"])
criterion = nn.CrossEntropyLoss()

for epoch in range(config["epochs"]):
    model.train()
    seen, loss_sum = 0, 0.0
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        seen += len(x)
        loss_sum += loss.item() * len(x)
    model.eval()
    with torch.no_grad():
        logits = model(valid_x)
    err = (logits.argmax(-1) != valid_y).float().mean().item()
    print(f"[{epoch + 1:02d}/{config['epochs']}] train loss {loss_sum / seen:.4f} phone accuracy {1 - err:.4f}")
