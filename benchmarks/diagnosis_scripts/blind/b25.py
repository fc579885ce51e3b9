import copy
import os
import tempfile

import torch
from torch import nn, optim
from torch.utils.data import DataLoader, Dataset


class Shapes(Dataset):
    """16x16 pictures of a bar, a square outline, a cross or a disc."""

    def __init__(self, n, seed):
        g = torch.Generator().manual_seed(seed)
        self.labels = torch.randint(4, (n,), generator=g)
        self.images = torch.zeros(n, 1, 16, 16)
        yy, xx = torch.meshgrid(torch.arange(16), torch.arange(16), indexing="ij")
        for i, k in enumerate(self.labels.tolist()):
            cy, cx = torch.randint(5, 11, (2,), generator=g).tolist()
            r = int(torch.randint(2, 5, (1,), generator=g))
            dy, dx = (yy - cy).abs(), (xx - cx).abs()
            mask = [
                (dy <= 0) & (dx <= r + 1),
                torch.maximum(dy, dx) == r,
                ((dy == 0) | (dx == 0)) & (dy + dx <= r),
                dy ** 2 + dx ** 2 <= r ** 2,
            ][k]
            self.images[i, 0][mask] = 1
        self.images += 0.2 * torch.randn(self.images.shape, generator=g)

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        return self.images[i], self.labels[i]


def conv_block(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU(), nn.MaxPool2d(2))


def evaluate(model, loader):
    model.eval()
    right = total = 0
    with torch.no_grad():
        for x, y in loader:
            right += (model(x).argmax(1) == y).sum().item()
            total += len(y)
    return right / total


def main():
    torch.manual_seed(0)
    train = DataLoader(Shapes(1200, 1), batch_size=32, shuffle=True)
    valid = DataLoader(Shapes(300, 2), batch_size=100)
    model = nn.Sequential(conv_block(1, 8), conv_block(8, 16), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(64, 4))
    optimizer = optim.Adam(model.parameters(), lr=3e-3)
    scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=4, gamma=0.3)
    loss_fn = nn.CrossEntropyLoss(label_smoothing=0.05)
    best, path = 0.0, os.path.join(tempfile.mkdtemp(), "best.pt")
    for epoch in range(12):
        model.train()
        for x, y in train:
            optimizer.zero_grad(set_to_none=True)
            loss_fn(model(x), y).backward()
            optimizer.step()
        scheduler.step()
        accuracy = evaluate(model, valid)
        if accuracy > best:
            best = accuracy
            torch.save(copy.deepcopy(model.state_dict()), path)
        print(f"epoch {epoch + 1} valid {accuracy:.3f} lr {scheduler.get_last_lr()[0]:.1e}")
    model.load_state_dict(torch.load(path))
    print("best checkpoint:", evaluate(model, valid))


if __name__ == "__main__":
    main()
