import torch
from torch import nn

torch.manual_seed(41)

# One long log per lane: mostly readings, now and then a door opens or shuts. Is the door open right now?
LANES, TAPE, CHUNK = 25, 600, 10


def tape(length):
    event = torch.rand(LANES, length)
    x = torch.zeros(LANES, length, 3)
    x[..., 0] = (event < 0.03).float()
    x[..., 1] = (event > 0.97).float()
    x[..., 2] = 0.3 * torch.randn(LANES, length)
    y = torch.zeros(LANES, length)
    level = torch.zeros(LANES)
    for t in range(length):
        level = torch.where(x[:, t, 0] > 0, 1.0, torch.where(x[:, t, 1] > 0, 0.0, level))
        y[:, t] = level
    return x, y


x_all, y_all = tape(TAPE)
x_val, y_val = tape(200)


class DoorNet(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.hidden = hidden
        self.lstm = nn.LSTM(3, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, 1)
        self.reset()

    def reset(self):
        self.state = (torch.zeros(1, LANES, self.hidden), torch.zeros(1, LANES, self.hidden))

    def forward(self, x):
        out, state = self.lstm(x, self.state)
        self.state = tuple(s.detach() for s in state)
        return self.fc(out).squeeze(-1)


model = DoorNet()
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)

for epoch in range(12):
    model.train()
    model.reset()
    running = 0.0
    for t in range(0, TAPE, CHUNK):
        optimizer.zero_grad()
        loss = criterion(model(x_all[:, t:t + CHUNK]), y_all[:, t:t + CHUNK])
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        running += loss.item()

    model.eval()
    model.reset()
    good = 0
    with torch.no_grad():
        for t in range(0, 200, CHUNK):
            p = model(x_val[:, t:t + CHUNK]) > 0
            good += (p == (y_val[:, t:t + CHUNK] > 0.5)).sum().item()
    print(f"[{epoch + 1:2d}] loss={running / (TAPE // CHUNK):.4f} val_acc={good / y_val.numel():.4f}")
