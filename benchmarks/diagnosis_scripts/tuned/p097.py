import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Shapes(Dataset):
    """Bars in one of four orientations on noise."""

    def __init__(self, n, seed):
        g = torch.Generator().manual_seed(seed)
        self.y = torch.randint(0, 4, (n,), generator=g)
        self.x = 0.5 * torch.randn(n, 1, 14, 14, generator=g)
        for i in range(n):
            k = int(torch.randint(3, 11, (1,), generator=g))
            if self.y[i] == 0:
                self.x[i, 0, k] += 1.5
            elif self.y[i] == 1:
                self.x[i, 0, :, k] += 1.5
            elif self.y[i] == 2:
                self.x[i, 0] += 1.5 * torch.eye(14)
            else:
                self.x[i, 0] += 1.5 * torch.eye(14).flip(0)

    def __len__(self):
        return len(self.y)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


def main():
    torch.manual_seed(0)
    train = DataLoader(Shapes(800, 0), batch_size=40, shuffle=True, num_workers=2)
    test = DataLoader(Shapes(200, 1), batch_size=100, num_workers=2)
    net = nn.Sequential(
        nn.Conv2d(1, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3), nn.BatchNorm2d(16), nn.ReLU(), nn.Flatten(),
        nn.Dropout(0.25), nn.Linear(16 * 16, 4),
    )
    opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
    for epoch in range(6):
        net.train()
        for x, y in train:
            loss = nn.functional.cross_entropy(net(x), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
        net.eval()
        good = 0
        with torch.no_grad():
            for x, y in test:
                good += (net(x).argmax(1) == y).sum().item()
        print(f"epoch {epoch} loss {loss.item():.3f} Test accuracy {good / 200}")


if __name__ == "__main__":
    main()
