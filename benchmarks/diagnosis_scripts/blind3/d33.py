"""An LSTM written out by hand, to understand the gates."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class MyLSTM(nn.Module):
    def __init__(self, n_in, n_hid):
        super().__init__()
        self.n_hid = n_hid
        self.W = nn.Parameter(torch.randn(n_in, 4 * n_hid))
        self.U = nn.Parameter(torch.randn(n_hid, 4 * n_hid))
        self.b = nn.Parameter(torch.zeros(4 * n_hid))

    def forward(self, x):
        B, T, _ = x.shape
        h = x.new_zeros(B, self.n_hid)
        c = x.new_zeros(B, self.n_hid)
        for t in range(T):
            gates = x[:, t] @ self.W + h @ self.U + self.b
            i, f, g, o = gates.chunk(4, dim=1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
        return h


class Model(nn.Module):
    def __init__(self, vocab=20, dim=24, hid=96, out=20):
        super().__init__()
        self.emb = nn.Embedding(vocab, dim)
        self.lstm = MyLSTM(dim, hid)
        self.fc = nn.Linear(hid, out)

    def forward(self, x):
        return self.fc(self.lstm(self.emb(x)))


torch.manual_seed(101)
# recall the second token of nine
X = torch.randint(0, 20, (2000, 9))
Y = X[:, 1]
Xtr, Ytr, Xva, Yva = X[:1600], Y[:1600], X[1600:], Y[1600:]

model = Model()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(14):
    perm = torch.randperm(len(Xtr))
    for k in range(0, len(perm), 40):
        b = perm[k:k + 40]
        loss = F.cross_entropy(model(Xtr[b]), Ytr[b])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        train_acc = (model(Xtr).argmax(1) == Ytr).float().mean()
        valid_acc = (model(Xva).argmax(1) == Yva).float().mean()
    print(f"{epoch}: {loss.item():.3f}  train {train_acc:.3f}  valid {valid_acc:.3f}")
