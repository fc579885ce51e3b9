import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, SWALR, get_ema_multi_avg_fn, update_bn

torch.manual_seed(210)


def make(n):
    x = torch.randn(n, 8)
    y = (x[:, 0] * x[:, 1] + x[:, 2].abs() - 0.8 + 0.2 * torch.randn(n) > 0).long()
    return x, y


x, y = make(2000)
xv, yv = make(1000)
loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch_size=40, shuffle=True)
model = nn.Sequential(nn.Linear(8, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-3)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=20)
swa_model = AveragedModel(model)
ema_model = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.99))
swa_scheduler = SWALR(optimizer, swa_lr=0.03)
for epoch in range(25):
    model.train()
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(xb), yb)
        loss.backward()
        optimizer.step()
        ema_model.update_parameters(model)
    if epoch >= 15:
        swa_model.update_parameters(model)
        swa_scheduler.step()
    else:
        scheduler.step()
    if epoch % 5 == 4:
        print("epoch", epoch + 1, "loss", round(loss.item(), 4))
update_bn(loader, swa_model)
update_bn(loader, ema_model)
for name, m in (("plain", model), ("ema", ema_model), ("swa", swa_model)):
    m.eval()
    with torch.no_grad():
        print(name, (m(xv).argmax(1) == yv).float().mean().item())
