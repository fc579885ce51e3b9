import torch
from torch import nn

torch.manual_seed(200)
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
scaler = torch.amp.GradScaler(device.type, enabled=device.type == "cuda")


class Conv1dNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv1d(1, 16, 7, padding=3), nn.BatchNorm1d(16), nn.ReLU(), nn.MaxPool1d(2),
            nn.Conv1d(16, 32, 5, padding=2), nn.BatchNorm1d(32), nn.ReLU(), nn.AdaptiveAvgPool1d(1), nn.Flatten(),
        )
        self.fc = nn.Linear(32, 3)

    def forward(self, x):
        return self.fc(self.features(x))


def ecg(n, width=64):
    k = torch.randint(0, 3, (n,))
    t = torch.arange(width).float()
    centre = 10 + 44 * torch.rand(n, 1)
    bump = torch.exp(-((t - centre) / (2.0 + 1.5 * k[:, None])) ** 2) * torch.where(k == 1, -1.0, 1.0)[:, None]
    return (2 * bump + 0.3 * torch.randn(n, width)).unsqueeze(1), k


x, y = ecg(1500)
xv, yv = ecg(400)
model = Conv1dNet().to(device)
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
for epoch in range(5):
    model.train()
    for idx in torch.randperm(1500).split(50):
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast(device_type=device.type, dtype=torch.bfloat16):
            loss = nn.functional.cross_entropy(model(x[idx].to(device)), y[idx].to(device))
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        nn.utils.clip_grad_norm_(model.parameters(), 2.0)
        scaler.step(optimizer)
        scaler.update()
    model.eval()
    with torch.no_grad(), torch.autocast(device_type=device.type, dtype=torch.bfloat16):
        acc = (model(xv.to(device)).argmax(1).cpu() == yv).float().mean().item()
    print("epoch", epoch, "loss", round(loss.item(), 4), "accuracy", acc)
