# Mini U-Net, binary segmentation of blobs (about 8 % foreground), soft Dice + BCE, ReduceLROnPlateau
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(28)


def images(n, s=16):
    yy, xx = torch.meshgrid(torch.arange(s), torch.arange(s), indexing="ij")
    mask = torch.zeros(n, s, s)
    for i in range(n):
        for _ in range(int(torch.randint(1, 3, (1,)))):
            cy, cx = torch.rand(2) * (s - 4) + 2
            r = 1.5 + torch.rand(()) * 1.2
            mask[i] = torch.maximum(mask[i], (((yy - cy) ** 2 + (xx - cx) ** 2) < r * r).float())
    img = mask * 0.8 + 0.3 * torch.rand(n, 1, 1) + 0.3 * torch.randn(n, s, s)
    return img.unsqueeze(1), mask.unsqueeze(1)


def block(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.GroupNorm(4, o), nn.ReLU(inplace=True))


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.d1, self.d2, self.mid = block(1, 8), block(8, 16), block(16, 16)
        self.u2, self.u1 = block(32, 8), block(16, 8)
        self.out = nn.Conv2d(8, 1, 1)

    def forward(self, x):
        a = self.d1(x)
        b = self.d2(F.max_pool2d(a, 2))
        c = self.mid(F.max_pool2d(b, 2))
        c = self.u2(torch.cat([F.interpolate(c, scale_factor=2), b], 1))
        c = self.u1(torch.cat([F.interpolate(c, scale_factor=2), a], 1))
        return self.out(c)


def soft_dice(logits, m, eps=1.0):
    p = logits.sigmoid()
    return 1 - (2 * (p * m).sum((1, 2, 3)) + eps) / (p.sum((1, 2, 3)) + m.sum((1, 2, 3)) + eps)


def iou(logits, m):
    p = logits > 0
    return ((p & (m > 0)).sum() / (p | (m > 0)).sum()).item()


x, m = images(240)
xv, mv = images(80)
net = UNet()
opt = torch.optim.Adam(net.parameters(), lr=1e-2)
plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, factor=0.3, patience=1)
for epoch in range(10):
    net.train()
    for idx in torch.randperm(len(x)).split(16):
        z = net(x[idx])
        loss = soft_dice(z, m[idx]).mean() + F.binary_cross_entropy_with_logits(z, m[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        zv = net(xv)
        val = soft_dice(zv, mv).mean().item()
    plateau.step(val)
    print(f"epoch {epoch} dice loss {val:.4f} lr {opt.param_groups[0]['lr']:.1e} IoU {iou(zv, mv):.3f}")
