import torch
from torch import nn
from torch.utils.data import DataLoader, IterableDataset, get_worker_info


class Stream(IterableDataset):
    """Endless measurements of a decay; four materials with different half-lives."""

    def __init__(self, count, seed):
        self.count, self.seed = count, seed

    def __iter__(self):
        info = get_worker_info()
        workers, number = (info.num_workers, info.id) if info else (1, 0)
        g = torch.Generator().manual_seed(self.seed * 100 + number)
        for _ in range(self.count // workers):
            k = int(torch.randint(4, (1,), generator=g))
            t = torch.linspace(0, 4, 25)
            amplitude = 0.5 + torch.rand(1, generator=g)
            curve = amplitude * torch.exp(-t * (0.3, 0.8, 1.6, 3.2)[k]) + 0.05 * torch.randn(25, generator=g)
            yield curve, k


def main():
    torch.manual_seed(1)
    net = nn.Sequential(nn.Linear(25, 48), nn.BatchNorm1d(48), nn.ReLU(), nn.Dropout(0.2), nn.Linear(48, 4))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, nesterov=True, weight_decay=5e-4)
    onecycle = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.1, total_steps=6 * 60)
    for epoch in range(6):
        net.train()
        for curves, kinds in DataLoader(Stream(1920, epoch), batch_size=32, num_workers=2, drop_last=True):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(net(curves), kinds)
            loss.backward()
            optimizer.step()
            onecycle.step()
        print("epoch", epoch, "loss", loss.item())
    net.eval()
    right = total = 0
    with torch.no_grad():
        for curves, kinds in DataLoader(Stream(400, 99), batch_size=100):
            right += (net(curves).argmax(1) == kinds).sum().item()
            total += len(kinds)
    print("accuracy", right / total)


if __name__ == "__main__":
    main()
