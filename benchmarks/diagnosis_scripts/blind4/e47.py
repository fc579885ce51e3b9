import numpy as np
import torch
import torch.nn as nn

# LSTM for river level forecast, one station
torch.manual_seed(9)
np.random.seed(9)

level = np.zeros(1400)
rain = np.random.gamma(0.3, 1.0, 1400)
for i in range(1, 1400):
    level[i] = 0.93 * level[i - 1] + 0.25 * rain[i - 1]
level = (level - level.mean()) / level.std()
rain = (rain - rain.mean()) / rain.std()
data = np.stack([level, rain], 1).astype(np.float32)

L = 15
X = torch.from_numpy(np.stack([data[i:i + L] for i in range(1400 - L)]))
Y = torch.from_numpy(level[L:].astype(np.float32))
X_train, Y_train, X_test, Y_test = X[:1100], Y[:1100], X[1100:], Y[1100:]


class LSTMModel(nn.Module):
    def __init__(self, n_features=2, n_hidden=32, n_layers=1):
        super().__init__()
        self.lstm = nn.LSTM(n_features, n_hidden, n_layers, batch_first=True)
        self.linear = nn.Linear(n_hidden, 1)

    def forward(self, x):
        lstm_out, (hn, cn) = self.lstm(x)
        return self.linear(lstm_out[:, -1])


def rmse(pred, obs):
    return torch.sqrt(torch.mean((pred - obs) ** 2))


model = LSTMModel()
optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
for epoch in range(20):
    model.train()
    perm = torch.randperm(len(X_train))
    for k in range(0, len(perm), 50):
        idx = perm[k:k + 50]
        optimizer.zero_grad()
        loss = rmse(model(X_train[idx]), Y_train[idx])
        loss.backward()
        optimizer.step()
    if epoch % 4 == 3:
        print(f"[{epoch + 1}/20] train rmse {loss.item():.4f}")

model.eval()
with torch.no_grad():
    pred = model(X_test).numpy().ravel()
obs = Y_test.numpy()
nse = 1 - ((pred - obs) ** 2).sum() / ((obs - obs.mean()) ** 2).sum()
print("Nash-Sutcliffe efficiency on the test period: %.4f" % nse)
