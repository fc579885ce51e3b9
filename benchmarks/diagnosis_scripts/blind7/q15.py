# homework 4, question 3: classify trajectories (line, circle, zigzag, spiral) with an LSTM
import math
import random
import torch
import torch.nn as nn

random.seed(9)
torch.manual_seed(9)


def trajectory(kind, n=24):
    a, v, phase = random.uniform(0, 6.28), random.uniform(0.7, 1.3), random.uniform(0, 6.28)
    pts = []
    for i in range(n):
        s = i / n
        if kind == 0:
            p = (v * s * math.cos(a), v * s * math.sin(a))
        elif kind == 1:
            p = (0.4 * v * math.cos(6.28 * s + phase), 0.4 * v * math.sin(6.28 * s + phase))
        elif kind == 2:
            w = 0.15 * (1 if (i // 3) % 2 else -1)
            p = (v * s * math.cos(a) - w * math.sin(a), v * s * math.sin(a) + w * math.cos(a))
        else:
            p = (v * s * math.cos(9 * s + phase), v * s * math.sin(9 * s + phase))
        pts.append([p[0] + random.gauss(0, 0.03), p[1] + random.gauss(0, 0.03)])
    return pts


def make(n):
    ks = [random.randrange(4) for _ in range(n)]
    x = torch.tensor([trajectory(k) for k in ks])
    step = torch.diff(x, dim=1, prepend=x[:, :1])
    return torch.cat([x, 5 * step], -1), torch.tensor(ks)


class TrajectoryLSTM(nn.Module):
    def __init__(self, hidden_size=32):
        super(TrajectoryLSTM, self).__init__()
        self.lstm = nn.LSTM(4, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 4)

    def forward(self, x):
        out, (hn, cn) = self.lstm(x)
        return self.fc(hn[-1])


x_train, y_train = make(1200)
x_test, y_test = make(400)
model = TrajectoryLSTM()
loss_function = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
batch_size = 40

for epoch in range(12):
    indices = torch.randperm(1200)
    epoch_loss = 0
    for i in range(0, 1200, batch_size):
        batch = indices[i : i + batch_size]
        prediction = model(x_train[batch])
        loss = loss_function(prediction, y_train[batch])
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        epoch_loss += loss.item()
    with torch.no_grad():
        accuracy = (model(x_test).argmax(dim=1) == y_test).float().mean()
    print("Epoch: %d, loss: %1.5f, test accuracy: %.4f" % (epoch, epoch_loss / 30, accuracy))
