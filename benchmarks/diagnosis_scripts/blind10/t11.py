import numpy as np
import torch
import torch.nn as nn

# next-day direction-ish target for a share from (close, volume, turnover) of the last 20 days
np.random.seed(8)
torch.manual_seed(8)

T = 1400
regime = np.zeros(T)
for i in range(1, T):
    regime[i] = 0.97 * regime[i - 1] + 0.2 * np.random.randn()
close = 180 + 25 * np.sin(np.arange(T) / 45.0) + 6 * regime + np.random.randn(T)
volume = 2.4e6 + 4e5 * regime + 1e5 * np.random.randn(T)
turnover = close * volume / 1e3
feats = np.stack([close, volume, turnover], 1).astype(np.float32)
target = (0.6 * np.cos(np.arange(T) / 45.0) + 0.4 * regime).astype(np.float32)
target = (target - target.mean()) / target.std()

lookback = 20
X = np.stack([feats[i - lookback:i] for i in range(lookback, T)])
Y = target[lookback - 1:T - 1][:, None]
split = int(0.8 * len(X))
order = np.random.permutation(len(X))
tr, te = order[:split], order[split:]
X_train, Y_train = torch.tensor(X[tr]), torch.tensor(Y[tr])
X_test, Y_test = torch.tensor(X[te]), torch.tensor(Y[te])


class LSTM(nn.Module):
    def __init__(self, input_dim, hidden_dim, num_layers, output_dim):
        super(LSTM, self).__init__()
        self.hidden_dim = hidden_dim
        self.num_layers = num_layers
        self.lstm = nn.LSTM(input_dim, hidden_dim, num_layers, batch_first=True)
        self.fc = nn.Linear(hidden_dim, output_dim)

    def forward(self, x):
        h0 = torch.zeros(self.num_layers, x.size(0), self.hidden_dim)
        c0 = torch.zeros(self.num_layers, x.size(0), self.hidden_dim)
        out, (hn, cn) = self.lstm(x, (h0, c0))
        return self.fc(out[:, -1, :])


model = LSTM(input_dim=3, hidden_dim=32, num_layers=2, output_dim=1)
loss_fn = torch.nn.MSELoss()
optimiser = torch.optim.Adam(model.parameters(), lr=0.005)

for t in range(15):
    perm = torch.randperm(len(X_train))
    for i in range(0, len(perm), 64):
        j = perm[i:i + 64]
        loss = loss_fn(model(X_train[j]), Y_train[j])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    with torch.no_grad():
        test_mse = loss_fn(model(X_test), Y_test).item()
    print("Epoch", t, "MSE:", round(loss.item(), 4), "test:", round(test_mse, 4))
print("Test MSE", round(test_mse, 4))
