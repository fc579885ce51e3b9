# Distillation: a bidirectional LSTM teacher first, then a small forward GRU student from soft targets only.
import random
import torch
import torch.nn as nn
import torch.nn.functional as F

random.seed(29)
torch.manual_seed(29)
STATES = 4
EMIT = [[0.55, 0.15, 0.15, 0.15], [0.15, 0.55, 0.15, 0.15], [0.15, 0.15, 0.55, 0.15], [0.15, 0.15, 0.15, 0.55]]


def batch_of(n, length=24):
    """Which hidden state did the chain spend most time in?"""
    xs, ys = [], []
    for _ in range(n):
        s, path, obs = random.randrange(STATES), [], []
        for _ in range(length):
            if random.random() < 0.12:
                s = random.randrange(STATES)
            path.append(s)
            obs.append(random.choices(range(4), EMIT[s])[0])
        xs.append(obs)
        ys.append(max(range(STATES), key=path.count))
    return torch.tensor(xs), torch.tensor(ys)


class Net(nn.Module):
    def __init__(self, rnn, width):
        super().__init__()
        self.emb = nn.Embedding(4, 8)
        self.rnn = rnn
        self.fc = nn.Linear(width, STATES)

    def forward(self, x):
        return self.fc(self.rnn(self.emb(x))[0].mean(1))


teacher = Net(nn.LSTM(8, 48, bidirectional=True, batch_first=True), 96)
student = Net(nn.GRU(8, 12, batch_first=True), 12)
x, y = batch_of(1500)
unlabelled, _ = batch_of(1500)
xt, yt = batch_of(600)


def accuracy(net):
    net.eval()
    with torch.no_grad():
        return (net(xt).argmax(1) == yt).float().mean().item()


opt = torch.optim.Adam(teacher.parameters(), lr=4e-3)
for epoch in range(5):
    teacher.train()
    for idx in torch.randperm(1500).split(50):
        loss = F.cross_entropy(teacher(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    print(f"teacher epoch {epoch} loss {loss.item():.4f} acc {accuracy(teacher):.4f}")

for p in teacher.parameters():
    p.requires_grad = False
TEMP = 2.0
opt = torch.optim.Adam(student.parameters(), lr=8e-3)
for epoch in range(10):
    student.train()
    total = 0.0
    for idx in torch.randperm(1500).split(50):
        soft = F.softmax(teacher(unlabelled[idx]) / TEMP, -1)
        loss = F.kl_div(F.log_softmax(student(unlabelled[idx]) / TEMP, -1), soft, reduction="batchmean") * TEMP**2
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item()
    print(f"student epoch {epoch} kl {total / 30:.4f}")
print(f"teacher {accuracy(teacher):.4f} student {accuracy(student):.4f}")
