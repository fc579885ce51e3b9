import numpy as np
import torch
import torch.nn as nn

# Readmission within 30 days (yes/no) from 30 lab values.
torch.manual_seed(6)
gen = np.random.default_rng(6)
n, d = 400, 30
labs = gen.standard_normal((n, d)).astype("float32")
coef = np.zeros(d); coef[:5] = [1.0, -0.8, 0.7, 0.6, -0.5]
back = (labs @ coef + 1.0 * gen.standard_normal(n) > 0).astype("float32")

x_tr, y_tr = torch.from_numpy(labs[:250]), torch.from_numpy(back[:250])
x_va, y_va = torch.from_numpy(labs[250:]), torch.from_numpy(back[250:])

epochs = 200
model = nn.Sequential(nn.Linear(d, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 1))
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
history = {"loss": [], "val_loss": []}
for epoch in range(epochs):
    model.train()
    perm, losses = torch.randperm(250), []
    for i in range(0, 250, 25):
        j = perm[i:i + 25]
        loss = nn.functional.binary_cross_entropy_with_logits(model(x_tr[j]).squeeze(-1), y_tr[j])
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    model.eval()
    with torch.no_grad():
        out = model(x_va).squeeze(-1)
        val = nn.functional.binary_cross_entropy_with_logits(out, y_va).item()
    history["loss"].append(sum(losses) / len(losses))
    history["val_loss"].append(val)
    if epoch % 20 == 0 or epoch == epochs - 1:
        print(f"epoch {epoch:4d}: loss {history['loss'][-1]:.4f} val_loss {val:.4f}")
acc = ((out > 0).float() == y_va).float().mean().item()
print(f"validation accuracy {acc:.3f} loss {history['val_loss'][-1]:.4f}")
