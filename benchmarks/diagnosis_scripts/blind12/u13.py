# Card fraud, MLP, positives weighted. Threshold 0, balanced accuracy on held-out cards.
import torch
import torch.nn as nn
from torch.utils.data import TensorDataset, DataLoader

torch.manual_seed(23)


def cards(n_ok, n_fraud):
    ok = torch.randn(n_ok, 8)
    fraud = torch.randn(n_fraud, 8)
    fraud[:, :3] += 1.4
    fraud[:, 3] -= 1.2
    return torch.cat([ok, fraud]), torch.cat([torch.zeros(n_ok), torch.ones(n_fraud)])


X, y = cards(2400, 120)
X_test, y_test = cards(1900, 100)
loader = DataLoader(TensorDataset(X, y), batch_size=64, shuffle=True)

model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
loss_fn = nn.BCEWithLogitsLoss(pos_weight=(y == 0).sum() / (y == 1).sum())
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-3)

for epoch in range(20):
    for xb, yb in loader:
        loss = loss_fn(model(xb).squeeze(1), yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        said = model(X_test).squeeze(1) > 0
    recall = said[y_test == 1].float().mean().item()
    specificity = (~said[y_test == 0]).float().mean().item()
    print(f"Epoch {epoch+1}: loss {loss.item():.4f} specificity {specificity:.4f} recall {recall:.4f} "
          f"balanced {(recall + specificity) / 2:.4f}")
