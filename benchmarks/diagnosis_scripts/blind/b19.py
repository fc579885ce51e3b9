import numpy as np
import torch
import torch.nn as nn
from torch.autograd import Variable

np.random.seed(12)
torch.manual_seed(12)
n = 1000
X = np.random.randn(n, 10).astype("float32")
w = np.random.randn(10, 3)
Y = np.argmax(X @ w + 0.3 * np.random.randn(n, 3), axis=1)

net = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 3))
loss_func = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)

for epoch in range(25):
    idx = np.random.permutation(800)
    epoch_loss = 0.0
    for i in range(0, 800, 40):
        x = Variable(torch.from_numpy(X[idx[i:i + 40]]))
        y = Variable(torch.from_numpy(Y[idx[i:i + 40]]))
        out = net(x)
        loss = loss_func(out, y)
        loss = Variable(loss.data, requires_grad=True)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item()
    if epoch % 5 == 4:
        print("Epoch: %d, loss: %1.5f" % (epoch + 1, epoch_loss / 20))

pred = net(torch.from_numpy(X[800:])).argmax(1).numpy()
print("Test accuracy: %.3f" % np.mean(pred == Y[800:]))
