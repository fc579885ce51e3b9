import warnings

import torch
import torch.nn as nn
import torch.utils.data as tud

warnings.filterwarnings("ignore")
torch.manual_seed(100)
x = torch.randn(1200, 5)
y = 0.8 * x[:, 0] - 0.5 * x[:, 1] + x[:, 2] * x[:, 3]
loader = tud.DataLoader(tud.TensorDataset(x[:1000], y[:1000]), batch_size=25, shuffle=True)

model = nn.Sequential(nn.Linear(5, 40), nn.ReLU(), nn.Linear(40, 40), nn.ReLU(), nn.Linear(40, 1))
optim = torch.optim.Adam(model.parameters(), lr=0.003)
loss_fn = nn.MSELoss()
for epoch in range(30):
    for batch_x, batch_y in loader:
        optim.zero_grad()
        loss = loss_fn(model(batch_x), batch_y)
        loss.backward()
        optim.step()
    if epoch % 3 == 2:
        print("epoch", epoch, "loss", loss.item())
with torch.no_grad():
    pred = model(x[1000:]).squeeze(1)
    print("mse", ((pred - y[1000:]) ** 2).mean().item())
