# Sine wave continuation with two LSTM cells and LBFGS, double precision (smaller version of the time_sequence example)
import numpy as np
import torch
import torch.nn as nn
import torch.optim as optim

np.random.seed(2)
torch.manual_seed(2)

T, L, N = 12, 70, 16
x = np.array(range(L)) + np.random.randint(-4 * T, 4 * T, N).reshape(N, 1)
waves = torch.from_numpy(np.sin(x / 1.0 / T))


class Sequence(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm1 = nn.LSTMCell(1, 24)
        self.lstm2 = nn.LSTMCell(24, 24)
        self.linear = nn.Linear(24, 1)

    def forward(self, inp, future=0):
        h1 = c1 = h2 = c2 = torch.zeros(inp.size(0), 24, dtype=torch.double)
        outputs = []
        for t in inp.split(1, dim=1):
            h1, c1 = self.lstm1(t, (h1, c1))
            h2, c2 = self.lstm2(h1, (h2, c2))
            output = self.linear(h2)
            outputs.append(output)
        for _ in range(future):
            h1, c1 = self.lstm1(output, (h1, c1))
            h2, c2 = self.lstm2(h1, (h2, c2))
            output = self.linear(h2)
            outputs.append(output)
        return torch.cat(outputs, dim=1)


inp, target = waves[3:, :-1], waves[3:, 1:]
test_inp, test_target = waves[:3, :-1], waves[:3, 1:]
seq = Sequence().double()
criterion = nn.MSELoss()
optimizer = optim.LBFGS(seq.parameters(), lr=0.8, max_iter=10)

for step in range(5):
    print("STEP:", step)

    def closure():
        optimizer.zero_grad()
        out = seq(inp)
        loss = criterion(out, target)
        loss.backward()
        return loss

    print("loss:", optimizer.step(closure).item())
    with torch.no_grad():
        pred = seq(test_inp, future=10)
        loss = criterion(pred[:, :-10], test_target)
        print("test loss:", loss.item())
