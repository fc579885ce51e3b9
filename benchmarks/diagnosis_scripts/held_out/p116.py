import torch
from torch import nn

torch.manual_seed(0)
X = torch.rand(1500, 3) * 4 - 2
y = (torch.sin(X[:, :1] * 2) + 0.5 * X[:, 1:2] * X[:, 2:3])
y = (y - y.mean()) / y.std()
X_train, y_train, X_test, y_test = X[:1200], y[:1200], X[1200:], y[1200:]

net = nn.Sequential(
    nn.Linear(3, 64),
    nn.ReLU(),
    nn.Linear(64, 64),
    nn.ReLU(),
    nn.Linear(64, 1),
    nn.ReLU(),
)

opt = torch.optim.Adam(net.parameters(), lr=2e-3)
loss_fn = nn.MSELoss()

batch = 50
for epoch in range(60):
    perm = torch.randperm(len(X_train))
    total = 0
    for i in range(0, len(X_train), batch):
        idx = perm[i:i + batch]
        out = net(X_train[idx])
        loss = loss_fn(out, y_train[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item()
    if epoch % 10 == 9:
        print("Epoch", epoch + 1, "train loss", total / (len(X_train) // batch))

with torch.no_grad():
    print("Final test loss =", loss_fn(net(X_test), y_test).item())
