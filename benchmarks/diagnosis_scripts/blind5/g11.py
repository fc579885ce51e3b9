"""
Sea surface temperature anomaly, one month ahead
================================================
Encoder GRU + small head. Anomalies are in kelvin around the climatology.
"""
import torch
import torch.nn as nn

torch.manual_seed(2024)


def enso_like(n):
    """A noisy damped oscillation with a period of about four years."""
    x, v, out = 0.5, 0.0, []
    for _ in range(n):
        v += -0.017 * x - 0.02 * v + 0.09 * torch.randn(()).item()
        x += v
        out.append(x)
    return torch.tensor(out)


series = enso_like(1200)
series = series / series.std()
look_back = 24
windows = series.unfold(0, look_back + 1, 1)
inputs, targets = windows[:, :-1].unsqueeze(-1), windows[:, -1:]
cut = int(0.8 * len(inputs))


class Forecaster(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.encoder = nn.GRU(1, hidden, batch_first=True)
        self.head = nn.Sequential(
            nn.Linear(hidden, 32),
            nn.ReLU(),
            nn.Linear(32, 1),
            nn.ReLU(),
        )

    def forward(self, x):
        _, h = self.encoder(x)
        return self.head(h.squeeze(0))


model = Forecaster()
optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=8, gamma=0.5)
loader = torch.utils.data.DataLoader(
    torch.utils.data.TensorDataset(inputs[:cut], targets[:cut]), batch_size=32, shuffle=True
)

best = float("inf")
for epoch in range(20):
    model.train()
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(xb), yb)
        loss.backward()
        optimizer.step()
    scheduler.step()
    model.eval()
    with torch.no_grad():
        val = nn.functional.mse_loss(model(inputs[cut:]), targets[cut:]).item()
    best = min(best, val)
    print(f"epoch {epoch:02d}: validation MSE {val:.4f} (best {best:.4f})")
print("variance of the validation targets:", round(targets[cut:].var().item(), 4))
print("RMSE of the best epoch:", round(best ** 0.5, 4))
