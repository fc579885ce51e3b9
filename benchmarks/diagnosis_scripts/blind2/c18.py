"""Crop yield from 7 soil measurements on 150 farms."""
import copy
import torch
from torch import nn

torch.manual_seed(71)
beta = torch.tensor([1.0, -0.7, 0.4, 0.0, 0.0, 0.3, 0.0])


def farms(n):
    x = torch.randn(n, 7)
    return x, (x @ beta + 0.3 * x[:, 0] * x[:, 1] + 0.7 * torch.randn(n)).unsqueeze(1)


x_train, y_train = farms(150)
x_val, y_val = farms(80)
x_test, y_test = farms(1000)
net = nn.Sequential(nn.Linear(7, 16), nn.Tanh(), nn.Dropout(0.1), nn.Linear(16, 1))
opt = torch.optim.AdamW(net.parameters(), lr=4e-3, weight_decay=0.05)
best, best_state, patience, wait = float("inf"), None, 25, 0

for epoch in range(500):
    net.train()
    for i in torch.randperm(150).split(16):
        loss = nn.functional.mse_loss(net(x_train[i]), y_train[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        val = nn.functional.mse_loss(net(x_val), y_val).item()
    if val < best - 1e-4:
        best, best_state, wait = val, copy.deepcopy(net.state_dict()), 0
    else:
        wait += 1
        if wait > patience:
            print("no better for", patience, "epochs, stopping at", epoch)
            break
    if epoch % 20 == 0:
        print(epoch, round(loss.item(), 3), round(val, 3))

net.load_state_dict(best_state)
net.eval()
with torch.no_grad():
    mse = nn.functional.mse_loss(net(x_test), y_test).item()
print("test mse", round(mse, 3), "R2", round(1 - mse / y_test.var().item(), 3))
