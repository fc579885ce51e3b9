# bike rental demand (scaled to 0..1) from the last 12 hours of weather + count
import numpy as np, torch
from torch import nn
from torch.utils.data import Dataset, DataLoader

torch.manual_seed(64); np.random.seed(64)

class BikeData(Dataset):
    def __init__(self, n):
        self.weather = np.random.rand(n, 12, 4).astype(np.float32)
        w = self.weather
        demand = 0.5 * w[:, -1, 0] + 0.3 * w[:, -3:, 1].mean(1) - 0.4 * w[:, :, 2].mean(1) + 0.3
        self.demand = (demand + 0.02 * np.random.randn(n)).astype(np.float32)
    def __len__(self):
        return len(self.demand)
    def __getitem__(self, i):
        return self.weather[i], self.demand[i]

class BikeLSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(4, 32, 2, batch_first=True, dropout=0.1)
        self.fc = nn.Linear(32, 1)
    def forward(self, x):
        out, _ = self.lstm(x)
        return self.fc(out[:, -1, :])

train_ds, val_ds = BikeData(1000), BikeData(300)
train_dl = DataLoader(train_ds, batch_size=25, shuffle=True)
val_dl = DataLoader(val_ds, batch_size=300)
model = BikeLSTM()
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.004)
for epoch in range(15):
    model.train()
    for x, y in train_dl:
        output = model(x)
        loss = criterion(output, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        x, y = next(iter(val_dl))
        p = model(x).numpy().ravel()
    corr = np.corrcoef(p, y.numpy())[0, 1]
    r2 = 1 - ((p - y.numpy()) ** 2).mean() / y.numpy().var()
    print('Epoch {:02d} loss {:.5f} corr {:.3f} val R2 {:.3f}'.format(epoch, loss.item(), corr, r2))
