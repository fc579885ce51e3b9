import torch
import torch.nn as nn

torch.manual_seed(8)
TRAIN = 12


def leaves(n):
    """Two kinds of leaf on a 12x12 photograph: vein along the rows or along the columns, anywhere."""
    kind = torch.randint(2, (n,))
    pictures = 0.5 * torch.randn(n, 1, 12, 12)
    for i in range(n):
        r, c = torch.randint(1, 11, (2,)).tolist()
        if kind[i]:
            pictures[i, 0, r, max(0, c - 3):c + 3] += 1.2
        else:
            pictures[i, 0, max(0, r - 3):r + 3, c] += 1.2
    return pictures, kind


x, y = leaves(TRAIN)
vx, vy = leaves(400)
model = nn.Sequential(
    nn.Conv2d(1, 12, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(12, 24, 3, padding=1), nn.ReLU(), nn.AdaptiveMaxPool2d(1), nn.Flatten(),
    nn.Linear(24, 2),
)
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
loss_fn = nn.CrossEntropyLoss()
updates = 0
while updates < 600:
    for rows in torch.randperm(TRAIN).split(6):
        optimizer.zero_grad()
        loss = loss_fn(model(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
        updates += 1
        if updates % 50 == 0:
            with torch.no_grad():
                seen = (model(x).argmax(1) == y).float().mean().item()
                unseen = (model(vx).argmax(1) == vy).float().mean().item()
            print(f"update {updates}: loss {loss.item():.3f} training accuracy {seen:.3f} validation accuracy {unseen:.3f}")
