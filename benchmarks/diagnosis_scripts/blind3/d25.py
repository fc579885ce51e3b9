import numpy as np
import torch
import torch.nn as nn
import torch.optim as optim

np.random.seed(0)
torch.manual_seed(0)
T, L, N = 12, 80, 12
phase = np.random.randint(-4 * T, 4 * T, N).reshape(N, 1)
waves = torch.from_numpy(np.sin((np.arange(L) + phase) / 1.0 / T)).double()


class Sequence(nn.Module):
    def __init__(self):
        super(Sequence, self).__init__()
        self.lstm1 = nn.LSTMCell(1, 20)
        self.lstm2 = nn.LSTMCell(20, 20)
        self.linear = nn.Linear(20, 1)

    def forward(self, input, future=0):
        outputs = []
        h_t = torch.zeros(input.size(0), 20, dtype=torch.double)
        c_t = torch.zeros_like(h_t)
        h_t2, c_t2 = torch.zeros_like(h_t), torch.zeros_like(h_t)
        for input_t in input.split(1, dim=1):
            h_t, c_t = self.lstm1(input_t, (h_t, c_t))
            h_t2, c_t2 = self.lstm2(h_t, (h_t2, c_t2))
            output = self.linear(h_t2)
            outputs += [output]
        for i in range(future):
            h_t, c_t = self.lstm1(output, (h_t, c_t))
            h_t2, c_t2 = self.lstm2(h_t, (h_t2, c_t2))
            output = self.linear(h_t2)
            outputs += [output]
        return torch.cat(outputs, dim=1)


train_in, train_out = waves[3:, :-1], waves[3:, 1:]
test_in, test_out = waves[:3, :-1], waves[:3, 1:]
seq = Sequence().double()
criterion = nn.MSELoss()
optimizer = optim.LBFGS(seq.parameters(), lr=0.8, max_iter=12)
for i in range(4):
    print("STEP:", i)

    def closure():
        optimizer.zero_grad()
        loss = criterion(seq(train_in), train_out)
        loss.backward()
        return loss

    print("train loss:", optimizer.step(closure).item())
    with torch.no_grad():
        pred = seq(test_in, future=10)
        test = criterion(pred[:, :-10], test_out).item()
        print("test loss:", f"{test:.5f}")
