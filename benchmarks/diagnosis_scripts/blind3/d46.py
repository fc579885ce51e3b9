import numpy as np
import torch
import torch.nn as nn

# Patient length-of-stay (standardised) from 30 lab values.
torch.manual_seed(6)
gen = np.random.default_rng(6)
n, d = 400, 30
labs = gen.standard_normal((n, d)).astype("float32")
coef = np.zeros(d); coef[:5] = [0.5, -0.4, 0.35, 0.3, -0.25]
stay = labs @ coef + 0.9 * gen.standard_normal(n)
stay = ((stay - stay.mean()) / stay.std()).astype("float32")

x_tr, y_tr = torch.from_numpy(labs[:250]), torch.from_numpy(stay[:250])
x_va, y_va = torch.from_numpy(labs[250:]), torch.from_numpy(stay[250:])

epochs = 200
model = nn.Sequential(nn.Linear(d, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 1))
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
history = {"loss": [], "val_loss": []}
for epoch in range(epochs):
    model.train()
    perm, losses = torch.randperm(250), []
    for i in range(0, 250, 25):
        j = perm[i:i + 25]
        loss = nn.functional.mse_loss(model(x_tr[j]).squeeze(-1), y_tr[j])
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    model.eval()
    with torch.no_grad():
        val = nn.functional.mse_loss(model(x_va).squeeze(-1), y_va).item()
    history["loss"].append(sum(losses) / len(losses))
    history["val_loss"].append(val)
    if epoch % 20 == 0 or epoch == epochs - 1:
        print(f"epoch {epoch:4d}: loss {history['loss'][-1]:.4f} val_loss {val:.4f}")
r2 = 1 - history["val_loss"][-1] / y_va.var().item()
print(f"validation r2 {r2:.4f}")
