# calibrating a cheap sensor against a reference instrument
import torch
import torch.nn as nn
import torch.utils.data as td

torch.manual_seed(90)
N = 4000
true_value = torch.rand(N, 1) * 4 - 2
humidity = torch.randn(N, 1)
reading = torch.cat([torch.tanh(true_value) + 0.1 * humidity, humidity], 1)
reference = true_value + 1.2 * torch.randn(N, 1)

ds = td.TensorDataset(reading, reference)
train, test = td.random_split(ds, [3000, 1000], generator=torch.Generator().manual_seed(0))
loader = td.DataLoader(train, batch_size=64, shuffle=True)
model = nn.Sequential(nn.Linear(2, 32), nn.GELU(), nn.Linear(32, 32), nn.GELU(), nn.Linear(32, 1))
opt = torch.optim.Adam(model.parameters(), lr=2e-3, weight_decay=1e-4)
for epoch in range(15):
    model.train()
    s = 0.0
    for r, t in loader:
        opt.zero_grad()
        l = nn.functional.mse_loss(model(r), t)
        l.backward()
        opt.step()
        s += l.item()
    print(f"epoch {epoch} mse {s / len(loader):.3f}")
model.eval()
idx = test.indices
with torch.no_grad():
    out = model(reading[idx])
print("R2 against the reference", 1 - ((out - reference[idx]) ** 2).mean().item() / reference[idx].var().item())
print("R2 against the true value", 1 - ((out - true_value[idx]) ** 2).mean().item() / true_value[idx].var().item())
