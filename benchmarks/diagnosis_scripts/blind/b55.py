import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(19)
# eight species of signal patterns in a 1-D scan
templates = torch.randn(8, 40)
species = torch.randint(8, (1600,))
scans = templates[species] + 0.7 * torch.randn(1600, 40)
train_set, test_set = random_split(TensorDataset(scans.unsqueeze(1), species), [1300, 300])


class ScanNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv1d(1, 8, 5, padding=2), nn.ReLU(), nn.MaxPool1d(2),
            nn.Conv1d(8, 16, 5, padding=2), nn.ReLU(), nn.MaxPool1d(2), nn.Flatten(),
        )
        self.species = nn.Linear(160, 8)

    def forward(self, x):
        return self.species(self.features(x))


net = ScanNet()
optim = torch.optim.Adam(net.parameters(), lr=1e-3)
criterion = nn.L1Loss()
for epoch in range(12):
    for scan, kind in DataLoader(train_set, batch_size=32, shuffle=True):
        scores = net(scan)
        optim.zero_grad()
        loss = criterion(scores.max(dim=1).values, kind.float())
        loss.backward()
        optim.step()
    print("epoch", epoch, "loss", loss.item())

correct = 0
with torch.no_grad():
    for scan, kind in DataLoader(test_set, batch_size=100):
        correct += (net(scan).argmax(1) == kind).sum().item()
print("accuracy", correct / len(test_set))
