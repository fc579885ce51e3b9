import copy

import numpy as np
import torch
import torch.nn as nn

# LSTM for river level forecast, one station; the best weights are kept
torch.manual_seed(9)
np.random.seed(9)

level = np.zeros(1300)
rain = np.random.gamma(0.3, 1.0, 1300)
for i in range(1, 1300):
    level[i] = 0.93 * level[i - 1] + 0.25 * rain[i - 1]
level = (level - level.mean()) / level.std()
rain = (rain - rain.mean()) / rain.std()
data = np.stack([level, rain], 1).astype(np.float32)

L = 15
X = torch.from_numpy(np.stack([data[i:i + L] for i in range(1300 - L)]))
Y = torch.from_numpy(level[L:].astype(np.float32)).unsqueeze(1)
parts = {"train": (X[:900], Y[:900]), "val": (X[900:1050], Y[900:1050]), "test": (X[1050:], Y[1050:])}


class LSTMModel(nn.Module):
    def __init__(self, n_features=2, n_hidden=24):
        super().__init__()
        self.lstm = nn.LSTM(n_features, n_hidden, 2, batch_first=True, dropout=0.1)
        self.linear = nn.Linear(n_hidden, 1)

    def forward(self, x):
        lstm_out, _ = self.lstm(x)
        return self.linear(lstm_out[:, -1])


model = LSTMModel()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=2)
best_loss, best_state, wait = float("inf"), None, 0
for epoch in range(40):
    model.train()
    x, y = parts["train"]
    for idx in torch.randperm(len(x)).split(50):
        optimizer.zero_grad()
        loss = torch.mean((model(x[idx]) - y[idx]) ** 2)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    model.eval()
    with torch.no_grad():
        x, y = parts["val"]
        val = torch.mean((model(x) - y) ** 2).item()
    plateau.step(val)
    print(f"[{epoch + 1}] train {loss.item():.4f} val {val:.4f} lr {optimizer.param_groups[0]['lr']:.4g}")
    if val < best_loss:
        best_loss, best_state, wait = val, copy.deepcopy(model.state_dict()), 0
    else:
        wait += 1
        if wait == 6:
            print("stopping")
            break

model.load_state_dict(best_state)
model.eval()
with torch.no_grad():
    x, y = parts["test"]
    nse = 1 - ((model(x) - y) ** 2).sum() / ((y - y.mean()) ** 2).sum()
print("Nash-Sutcliffe efficiency on the test period: %.4f" % nse.item())
