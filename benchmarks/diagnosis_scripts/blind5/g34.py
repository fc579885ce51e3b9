# GRU written out with plain tensors, to understand the equations. Task: which symbol came most often?
import torch

torch.manual_seed(25)

n_sym, n_h, T = 4, 96, 15

def weight(*shape):
    return torch.randn(*shape).requires_grad_()

def bias(n):
    return torch.zeros(n, requires_grad=True)

Wz, Uz, bz = weight(n_sym, n_h), weight(n_h, n_h), bias(n_h)
Wr, Ur, br = weight(n_sym, n_h), weight(n_h, n_h), bias(n_h)
Wh, Uh, bh = weight(n_sym, n_h), weight(n_h, n_h), bias(n_h)
Wo, bo = weight(n_h, n_sym), bias(n_sym)
params = [Wz, Uz, bz, Wr, Ur, br, Wh, Uh, bh, Wo, bo]

def gru(x):
    h = torch.zeros(x.shape[0], n_h)
    for t in range(x.shape[1]):
        z = torch.sigmoid(x[:, t] @ Wz + h @ Uz + bz)
        r = torch.sigmoid(x[:, t] @ Wr + h @ Ur + br)
        c = torch.tanh(x[:, t] @ Wh + (r * h) @ Uh + bh)
        h = (1 - z) * h + z * c
    return h @ Wo + bo

def data(n):
    p = torch.distributions.Dirichlet(torch.ones(n_sym)).sample((n,))
    s = torch.multinomial(p, T, replacement=True)
    x = torch.nn.functional.one_hot(s, n_sym).float()
    return x, x.sum(1).argmax(1)

X, Y = data(1500)
Xv, Yv = data(500)
opt = torch.optim.Adam(params, lr=0.002)
for epoch in range(8):
    tot = 0
    for i in torch.randperm(len(X)).split(30):
        opt.zero_grad()
        loss = torch.nn.functional.cross_entropy(gru(X[i]), Y[i])
        loss.backward()
        opt.step()
        tot += loss.item() / 50
    with torch.no_grad():
        acc = (gru(Xv).argmax(1) == Yv).float().mean()
    print(f'epoch {epoch}  loss {tot:.3f}  held-out accuracy {acc:.3f}')
