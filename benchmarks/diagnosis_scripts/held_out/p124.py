import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(123)
# daily returns of a stock; predict whether tomorrow is up
returns = 0.01 * torch.randn(1500)
look_back = 15
win = returns.unfold(0, look_back + 1, 1)
X = (win[:, :-1] / returns[:1100].std()).unsqueeze(-1)
Y = (win[:, -1] > 0).float().unsqueeze(-1)
train_dl = DataLoader(TensorDataset(X[:1100], Y[:1100]), batch_size=32, shuffle=True)


class StockLSTM(nn.Module):
    def __init__(self, hidden_dim=16):
        super().__init__()
        self.lstm = nn.LSTM(1, hidden_dim, batch_first=True)
        self.linear = nn.Linear(hidden_dim, 1)

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.linear(out[:, -1, :])


model = StockLSTM()
loss_function = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(15):
    losses = []
    for xb, yb in train_dl:
        optimizer.zero_grad()
        loss = loss_function(model(xb), yb)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    print("Epoch", epoch, "loss", sum(losses) / len(losses))
with torch.no_grad():
    up = (model(X[1100:]) > 0).float()
print("hit rate", (up == Y[1100:]).float().mean().item())
