# Pedestrian dead reckoning: accelerations -> distance from the start of each walk.
import numpy as np
import torch
import torch.nn as nn

SEED = 23
rng = np.random.default_rng(SEED)
torch.manual_seed(SEED)
WALKS, STEPS, BATCH = 1200, 20, 40


def walks(n):
    speed = np.abs(1.2 + np.cumsum(0.25 * rng.standard_normal((n, STEPS)), 1))
    turn = 0.5 * rng.standard_normal((n, STEPS))
    walked = np.cumsum(speed * np.cos(turn), 1)
    x = np.stack([speed - 1.2, np.cos(turn) - 0.9], -1) + 0.05 * rng.standard_normal((n, STEPS, 2))
    return torch.tensor(x, dtype=torch.float32), torch.tensor(walked, dtype=torch.float32)


train_x, train_y = walks(WALKS)
test_x, test_y = walks(400)
mu, sd = train_y.mean(), train_y.std()
train_y, test_y = (train_y - mu) / sd, (test_y - mu) / sd


class DeadReckoning(nn.Module):
    def __init__(self, hidden=40):
        super().__init__()
        self.hidden = hidden
        self.lstm = nn.LSTM(2, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, 1)

    def init_hidden(self, n):
        return (torch.zeros(1, n, self.hidden), torch.zeros(1, n, self.hidden))

    def forward(self, x, state):
        out, state = self.lstm(x, state)
        return self.fc(out).squeeze(-1), state


model = DeadReckoning()
optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
loss_fn = nn.MSELoss()

for epoch in range(15):
    model.train()
    state = model.init_hidden(BATCH)
    total = 0.0
    for idx in torch.randperm(WALKS).split(BATCH):
        state = tuple(s.detach() for s in state)
        pred, state = model(train_x[idx], state)
        loss = loss_fn(pred, train_y[idx])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        total += loss.item() * len(idx)
    model.eval()
    state, err = model.init_hidden(BATCH), 0.0
    with torch.no_grad():
        for i in range(0, 400, BATCH):
            pred, state = model(test_x[i : i + BATCH], state)
            err += ((pred - test_y[i : i + BATCH]) ** 2).mean().item() / (400 / BATCH)
    print(f"epoch {epoch:2d} train mse {total / WALKS:.5f} test mse {err:.5f}")
