import os, time
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import Dataset, DataLoader

# ---- config -------------------------------------------------
class CFG:
    seed = 42
    size = 16
    n_classes = 4
    bs = 32
    epochs = 6
    lr = 1e-1

def seed_everything(seed):
    os.environ['PYTHONHASHSEED'] = str(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)

# ---- data: little textures (stripes in 4 orientations) ------
class Textures(Dataset):
    def __init__(self, n):
        yy, xx = np.mgrid[0:CFG.size, 0:CFG.size]
        self.y = np.random.randint(0, CFG.n_classes, n)
        ang = self.y * np.pi / 4
        ph = np.random.rand(n) * 2 * np.pi
        f = np.random.uniform(0.8, 1.4, n)
        wave = np.sin(f[:, None, None] * (np.cos(ang)[:, None, None] * xx + np.sin(ang)[:, None, None] * yy) + ph[:, None, None])
        self.x = (wave + 0.7 * np.random.randn(*wave.shape)).astype(np.float32)
    def __len__(self):
        return len(self.y)
    def __getitem__(self, i):
        return torch.from_numpy(self.x[i]).unsqueeze(0), int(self.y[i])

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 12, 5, padding=2)
        self.conv2 = nn.Conv2d(12, 24, 3, padding=1)
        self.fc1 = nn.Linear(24 * 4 * 4, 48)
        self.fc2 = nn.Linear(48, CFG.n_classes)
    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc2(F.relu(self.fc1(x.flatten(1))))

def train_fn(model, loader, opt):
    model.train(); tot = 0
    for xb, yb in loader:
        opt.zero_grad()
        loss = F.cross_entropy(model(xb), yb)
        loss.backward()
        opt.step()
        tot += loss.item() * len(xb)
    return tot / len(loader.dataset)

@torch.no_grad()
def valid_fn(model, loader):
    model.eval()
    return np.mean(np.concatenate([(model(xb).argmax(1) == yb).numpy() for xb, yb in loader]))

if __name__ == '__main__':
    seed_everything(CFG.seed)
    tr, va = Textures(960), Textures(320)
    tl = DataLoader(tr, CFG.bs, shuffle=True); vl = DataLoader(va, 80)
    model = Net()
    opt = torch.optim.Adam(model.parameters(), lr=CFG.lr)
    for ep in range(CFG.epochs):
        t = time.time()
        l = train_fn(model, tl, opt)
        print(f'Epoch {ep+1} - avg_train_loss: {l:.4f}  val_acc: {valid_fn(model, vl):.4f}')
    print(f'CV: {valid_fn(model, vl):.4f}')
