"""Small CNN on drawn shapes (square, cross, ring, stripes)."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(6)


def draw(kind, size=16):
    img = torch.zeros(size, size)
    r = int(torch.randint(0, 6, (1,)))
    c = int(torch.randint(0, 6, (1,)))
    if kind == 0:
        img[r:r + 8, c:c + 8] = 1
    elif kind == 1:
        img[r + 3:r + 5, c:c + 8] = 1
        img[r:r + 8, c + 3:c + 5] = 1
    elif kind == 2:
        img[r:r + 8, c:c + 8] = 1
        img[r + 2:r + 6, c + 2:c + 6] = 0
    else:
        img[r:r + 8:2, c:c + 8] = 1
    return img + 0.5 * torch.randn(size, size)


def dataset(n):
    y = torch.randint(0, 4, (n,))
    x = torch.stack([draw(int(k)) for k in y]).unsqueeze(1)
    return x, y


class Features(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1)
        self.conv2 = nn.Conv2d(8, 16, 3, padding=1)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.relu(self.conv2(x))
        return x.amax(dim=(2, 3))


class ShapeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = Features()
        self.classifier = nn.Linear(16, 4)

    def forward(self, x):
        return self.classifier(self.features(x))


x_train, y_train = dataset(800)
x_test, y_test = dataset(300)
model = ShapeNet()
for p in model.features.parameters():
    p.requires_grad = False

optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=5e-3)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=8, gamma=0.5)

for epoch in range(16):
    model.train()
    total = 0.0
    for idx in torch.randperm(800).split(32):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x_train[idx]), y_train[idx])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx)
    scheduler.step()
    model.eval()
    with torch.no_grad():
        acc = (model(x_test).argmax(1) == y_test).float().mean().item()
    print(f"Epoch {epoch + 1}\ttrain loss {total / 800:.4f}\ttest accuracy {acc:.4f}")
