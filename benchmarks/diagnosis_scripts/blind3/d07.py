import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

# Which of 9 land-use types is a parcel? (satellite bands -> code 0..8)
np.random.seed(77)
torch.manual_seed(77)
n_types, bands = 9, 12
centres = np.random.randn(n_types, bands) * 1.1
codes = np.random.randint(0, n_types, 2400)
reflect = centres[codes] + np.random.randn(2400, bands) * 0.7
X = torch.tensor(reflect, dtype=torch.float32)
y = torch.tensor(codes)
train_set = TensorDataset(X[:1800], y[:1800])
loader = DataLoader(train_set, batch_size=36, shuffle=True)

model = nn.Sequential(
    nn.Linear(bands, 64),
    nn.ReLU(),
    nn.Linear(64, 32),
    nn.ReLU(),
    nn.Linear(32, 1),
)
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)


def predict(inputs):
    return model(inputs).squeeze(1).round().long()


for epoch in range(25):
    epoch_loss = 0.0
    for inputs, target in loader:
        optimizer.zero_grad()
        out = model(inputs)
        loss = criterion(out.squeeze(1), target.float())
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item()
    if epoch % 4 == 0:
        with torch.no_grad():
            acc = (predict(X[1800:]) == y[1800:]).float().mean()
        print("Epoch: {}  Loss: {:.4f}  Test accuracy: {:.3f}".format(epoch, epoch_loss / len(loader), acc.item()))
