import torch

torch.manual_seed(303)
X = torch.randn(800, 15)
w_true = torch.randn(15)
Y = (torch.sigmoid(2 * X @ w_true) > torch.rand(800)).float()
Xtr, Ytr, Xte, Yte = X[:600], Y[:600], X[600:], Y[600:]
w = torch.zeros(15, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
opt = torch.optim.LBFGS([w, b], lr=1, max_iter=20, line_search_fn="strong_wolfe")
bce = torch.nn.BCEWithLogitsLoss()


def closure():
    opt.zero_grad()
    loss = bce(Xtr @ w + b, Ytr) + 1e-3 * w.pow(2).sum()
    loss.backward()
    return loss


for step in range(10):
    loss = opt.step(closure)
    print(f"step {step} loss {loss.item():.5f}")
with torch.no_grad():
    acc = (((Xte @ w + b) > 0).float() == Yte).float().mean().item()
print("accuracy", acc)
