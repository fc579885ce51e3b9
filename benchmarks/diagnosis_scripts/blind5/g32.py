"""Which of seven glaze recipes is a shard? Spectrometer line strengths -> recipe number."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

np.random.seed(19)
torch.manual_seed(19)

RECIPES, LINES = 7, 10
centres = np.random.randn(RECIPES, LINES) * 1.2
recipe = np.random.randint(RECIPES, size=1400)
spectra = centres[recipe] + 0.8 * np.random.randn(1400, LINES)

X = torch.tensor(spectra, dtype=torch.float32)
y = torch.tensor(recipe, dtype=torch.float32).view(-1, 1)
train_set = TensorDataset(X[:1100], y[:1100])
train_loader = DataLoader(train_set, batch_size=32, shuffle=True)


class GlazeNet(nn.Module):
    def __init__(self, n_out):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(LINES, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, n_out))

    def forward(self, x):
        return self.layers(x)


model = GlazeNet(1)
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.002)


def predict(x):
    return model(x).round().clamp(0, RECIPES - 1)


for epoch in range(20):
    for xb, yb in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
    if epoch % 4 == 3:
        with torch.no_grad():
            acc = (predict(X[1100:]) == y[1100:]).float().mean().item()
        print(f"epoch {epoch + 1} loss {loss.item():.4f} test accuracy {acc:.4f}")
