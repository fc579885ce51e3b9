import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(2)
np.random.seed(2)

# robot arm: joint angles over 10 steps -> final x, y of the gripper
def trajectories(n):
    a = np.cumsum(np.random.randn(n, 10, 2) * 0.25, axis=1)
    x = np.cos(a[:, -1, 0]) + 0.6 * np.cos(a[:, -1].sum(1))
    y = np.sin(a[:, -1, 0]) + 0.6 * np.sin(a[:, -1].sum(1))
    return torch.Tensor(a), torch.Tensor(np.stack([x, y], 1))

class Arm(nn.Module):
    def __init__(self):
        super(Arm, self).__init__()
        self.lstm = nn.LSTM(2, 32, batch_first=True)
        self.fc = nn.Sequential(nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 2))

    def forward(self, x):
        out, (h, c) = self.lstm(x)
        return self.fc(h[0])

X, Y = trajectories(1500)
Xv, Yv = trajectories(300)
arm = Arm()
optimizer = torch.optim.Adam(arm.parameters(), lr=0.01)
loss_func = nn.MSELoss()

for epoch in range(12):
    optimizer.zero_grad()
    perm = torch.randperm(len(X))
    for k in range(0, len(X), 30):
        xb, yb = X[perm[k:k+30]], Y[perm[k:k+30]]
        loss = loss_func(arm(xb), yb)
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        v = loss_func(arm(Xv), Yv).item()
    print('epoch', epoch, 'train', round(loss.item(), 4), 'valid', round(v, 4), 'R2', round(1 - v / Yv.var(0).mean().item(), 4))
