"""Next-quarter spread change from 12 monthly yield curves of five maturities. Stacked LSTM."""
import numpy as np
import torch
import torch.nn as nn

np.random.seed(27)
torch.manual_seed(27)
HIDDEN, LAYERS = 160, 2
MATURITIES, MONTHS = 5, 12


def history(n):
    level = np.cumsum(0.3 * np.random.randn(n, MONTHS), 1)
    slope = np.cumsum(0.3 * np.random.randn(n, MONTHS), 1)
    mats = np.linspace(-1, 1, MATURITIES)
    x = level[:, :, None] + slope[:, :, None] * mats + 0.2 * np.random.randn(n, MONTHS, MATURITIES)
    signal = slope[:, -1] - 0.5 * level[:, -1]
    y = signal / signal.std() + 0.8 * np.random.randn(n)
    return x.astype(np.float32), y.astype(np.float32)


x_train, y_train = history(80)
x_test, y_test = history(600)
mu, sd = x_train.mean((0, 1)), x_train.std((0, 1))
x_train, x_test = torch.tensor((x_train - mu) / sd), torch.tensor((x_test - mu) / sd)
y_train, y_test = torch.tensor(y_train), torch.tensor(y_test)


class SpreadLSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(MATURITIES, HIDDEN, LAYERS, batch_first=True)
        self.fc = nn.Linear(HIDDEN, 1)

    def forward(self, x):
        return self.fc(self.lstm(x)[0][:, -1]).squeeze(-1)


model = SpreadLSTM()
print(model)
optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
criterion = nn.MSELoss()
for epoch in range(80):
    model.train()
    total = 0.0
    for idx in torch.randperm(len(x_train)).split(20):
        loss = criterion(model(x_train[idx]), y_train[idx])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        total += loss.item() * len(idx)
    if epoch % 5 == 4:
        model.eval()
        with torch.no_grad():
            test = criterion(model(x_test), y_test).item()
        r2 = 1 - test / y_test.var().item()
        print(f"epoch {epoch + 1} train mse {total / len(x_train):.4f} test mse {test:.4f} test r2 {r2:.4f}")
