# Card fraud, MLP. I look at recall of the fraud class because that is what the bank wants.
import torch
import torch.nn as nn
from torch.utils.data import TensorDataset, DataLoader

torch.manual_seed(2)

n_ok, n_fraud = 2940, 60
ok = torch.randn(n_ok, 8)
fraud = torch.randn(n_fraud, 8)
fraud[:, :3] += 0.9
fraud[:, 3] -= 0.7
X = torch.cat([ok, fraud])
y = torch.cat([torch.zeros(n_ok), torch.ones(n_fraud)])

test_ok = torch.randn(1960, 8)
test_fraud = torch.randn(40, 8)
test_fraud[:, :3] += 0.9
test_fraud[:, 3] -= 0.7

loader = DataLoader(TensorDataset(X, y), batch_size=64, shuffle=True)

model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
loss_fn = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-3)

for epoch in range(20):
    for xb, yb in loader:
        pred = model(xb).squeeze(1)
        loss = loss_fn(pred, yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        tp = (model(test_fraud) > 0).float().mean().item()
        tn = (model(test_ok) <= 0).float().mean().item()
        acc = (tp * 40 + tn * 1960) / 2000
    print(f"Epoch {epoch+1}: accuracy {acc:.4f} specificity {tn:.4f} recall {tp:.4f} balanced {(tp + tn) / 2:.4f}")
