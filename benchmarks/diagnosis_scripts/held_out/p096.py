import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def main():
    torch.manual_seed(17)
    x = torch.randn(4000, 12)
    y = (x[:, :3].sum(1) > 2.85).float()
    xtr, ytr, xte, yte = x[:3000], y[:3000], x[3000:], y[3000:]
    pos = ytr.sum()
    pos_weight = (len(ytr) - pos) / pos
    print(f"{int(pos)} positives of {len(ytr)}, pos_weight {pos_weight:.1f}")

    model = nn.Sequential(nn.Linear(12, 32), nn.ReLU(), nn.Linear(32, 1), nn.Flatten(0))
    crit = nn.BCEWithLogitsLoss(pos_weight=pos_weight)
    opt = torch.optim.Adam(model.parameters(), lr=2e-3)
    loader = DataLoader(TensorDataset(xtr, ytr), batch_size=64, shuffle=True, drop_last=True)
    for epoch in range(15):
        for xb, yb in loader:
            opt.zero_grad()
            loss = crit(model(xb), yb)
            loss.backward()
            opt.step()
        with torch.no_grad():
            hit = (model(xte) > 0) == (yte > 0)
            tpr = hit[yte == 1].float().mean().item()
            tnr = hit[yte == 0].float().mean().item()
        print(f"epoch {epoch:2d} loss {loss.item():.3f} tpr {tpr:.3f} tnr {tnr:.3f} bal_acc {(tpr + tnr) / 2:.3f}")


main()
