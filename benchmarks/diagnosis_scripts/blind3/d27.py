import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(42)

# 12x12 images: horizontal bar, vertical bar, cross, square, diagonal
def draw(kind):
    img = torch.zeros(12, 12)
    r, c = torch.randint(2, 9, (2,)).tolist()
    if kind == 0: img[r, 2:10] = 1
    elif kind == 1: img[2:10, c] = 1
    elif kind == 2:
        img[r, max(0, c - 3):c + 4] = 1; img[max(0, r - 3):r + 4, c] = 1
    elif kind == 3:
        img[r - 2:r + 3, c - 2] = 1; img[r - 2:r + 3, c + 2] = 1
        img[r - 2, c - 2:c + 3] = 1; img[r + 2, c - 2:c + 3] = 1
    else:
        for k in range(-3, 4):
            if 0 <= r + k < 12 and 0 <= c + k < 12: img[r + k, c + k] = 1
    return img + 0.2 * torch.randn(12, 12)

labels = torch.randint(0, 5, (1500,))
images = torch.stack([draw(int(k)) for k in labels]).unsqueeze(1)
train_x, train_y = images[:1200], labels[:1200]
test_x, test_y = images[1200:], labels[1200:]

class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1)
        self.conv2 = nn.Conv2d(8, 16, 3, padding=1)
        self.fc1 = nn.Linear(16 * 3 * 3, 64)
        self.fc2 = nn.Linear(64, 5)
    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = x.flatten(1)
        return self.fc2(F.relu(self.fc1(x)))

net = ConvNet()
optimizer = torch.optim.Adam(net.parameters(), lr=0.2)

for epoch in range(10):
    net.train()
    total = 0
    perm = torch.randperm(1200)
    for b in range(0, 1200, 30):
        idx = perm[b:b+30]
        optimizer.zero_grad()
        loss = F.cross_entropy(net(train_x[idx]), train_y[idx])
        loss.backward()
        optimizer.step()
        total += loss.item()
    net.eval()
    with torch.no_grad():
        acc = (net(test_x).argmax(1) == test_y).float().mean()
    print(f'Epoch {epoch + 1}/10 - loss: {total / 40:.4f} - test_acc: {acc:.4f}')
