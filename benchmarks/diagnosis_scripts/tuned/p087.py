import torch
import torch.nn as nn

torch.manual_seed(82)
x = torch.rand(320, 3) * 2 - 1
y = (2 * x[:, :1] - x[:, 1:2] * x[:, 2:3])
net = nn.Sequential(nn.Linear(3, 20), nn.Tanh(), nn.Linear(20, 1))
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)

for epoch in range(25):
    perm = torch.randperm(256).tolist()
    epoch_loss = 0.0
    for i in range(0, 256, 16):
        losses = []
        for j in perm[i:i + 16]:
            pred = net(x[j:j + 1])
            losses.append(criterion(pred, y[j:j + 1]).item())
        loss = torch.tensor(losses, requires_grad=True).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        epoch_loss += float(loss)
    print("Epoch", epoch, "Loss", epoch_loss / 16)
with torch.no_grad():
    print("Test MSE", criterion(net(x[256:]), y[256:]).item())
