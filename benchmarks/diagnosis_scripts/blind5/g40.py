# Letters seen by a 9x9 robot camera. The whole set fits in memory, so no loader is needed.
import torch
import torch.nn as nn

torch.manual_seed(47)

GLYPHS = {
    "T": ["#####", "..#..", "..#..", "..#..", "..#.."], "L": ["#....", "#....", "#....", "#....", "#####"],
    "H": ["#...#", "#...#", "#####", "#...#", "#...#"], "X": ["#...#", ".#.#.", "..#..", ".#.#.", "#...#"],
    "O": [".###.", "#...#", "#...#", "#...#", ".###."], "Z": ["#####", "...#.", "..#..", ".#...", "#####"],
}
PICS = torch.stack([torch.tensor([[float(c == "#") for c in row] for row in g]) for g in GLYPHS.values()])


def photos(n):
    y = torch.randint(0, len(PICS), (n,))
    img = torch.zeros(n, 1, 9, 9)
    for i in range(n):
        r, c = torch.randint(0, 5, (2,)).tolist()
        img[i, 0, r:r + 5, c:c + 5] = PICS[y[i]]
    return img + 0.35 * torch.randn_like(img), y


xtr, ytr = photos(3000)
xte, yte = photos(600)
BATCH = 3000

cnn = nn.Sequential(
    nn.Conv2d(1, 12, 3), nn.ReLU(),
    nn.Conv2d(12, 16, 3), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(16 * 4, 32), nn.ReLU(), nn.Linear(32, len(PICS)),
)
adam = torch.optim.Adam(cnn.parameters(), lr=2e-3)

for epoch in range(12):
    for part in torch.randperm(len(xtr)).split(BATCH):
        loss = nn.functional.cross_entropy(cnn(xtr[part]), ytr[part])
        adam.zero_grad()
        loss.backward()
        adam.step()
    with torch.no_grad():
        acc = (cnn(xte).argmax(1) == yte).float().mean().item()
    print(f"epoch {epoch:2d}  loss {loss.item():.4f}  accuracy {acc:.4f}")
