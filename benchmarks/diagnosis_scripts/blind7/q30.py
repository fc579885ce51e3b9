# Drug response from gene expression: 120 genes, two cohorts, responder or not.
import torch
from torch import nn

torch.manual_seed(70)
GENES, N_TRAIN, N_VAL = 120, 300, 400
w = torch.zeros(GENES)
w[:8] = torch.tensor([1.2, -1.0, 0.9, -0.8, 0.8, 0.7, -0.7, 0.6])


def cohort(n):
    x = torch.randn(n, GENES)
    score = x @ w
    y = (score + 1.6 * torch.randn(n) > 0).long()
    return x, y


xtr, ytr = cohort(N_TRAIN)
xva, yva = cohort(N_VAL)

model = nn.Sequential(
    nn.Linear(GENES, 256),
    nn.ReLU(),
    nn.Linear(256, 256),
    nn.ReLU(),
    nn.Linear(256, 2),
)
PATIENCE = None
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
criterion = nn.CrossEntropyLoss()
best, since, keep = float("inf"), 0, None

for epoch in range(150):
    model.train()
    train_loss = correct = 0.0
    for idx in torch.randperm(N_TRAIN).split(30):
        logits = model(xtr[idx])
        loss = criterion(logits, ytr[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        train_loss += loss.item() * len(idx) / N_TRAIN
        correct += (logits.argmax(1) == ytr[idx]).sum().item()
    model.eval()
    with torch.no_grad():
        logits = model(xva)
        val_loss = criterion(logits, yva).item()
        val_acc = (logits.argmax(1) == yva).float().mean().item()
    if val_loss < best:
        best, since, keep = val_loss, 0, {k: v.clone() for k, v in model.state_dict().items()}
    else:
        since += 1
    if epoch % 10 == 0:
        print(f"epoch {epoch:3d} train loss {train_loss:.4f} acc {correct / N_TRAIN:.3f} val loss {val_loss:.4f} acc {val_acc:.3f}")
    if PATIENCE and since >= PATIENCE:
        model.load_state_dict(keep)
        break

model.eval()
with torch.no_grad():
    logits = model(xva)
print("validation accuracy %.4f" % (logits.argmax(1) == yva).float().mean())
print("validation cross entropy %.4f" % criterion(logits, yva))
