import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(5)
T, N = 25, 1400


class AttentionPool(nn.Module):
    def __init__(self, n_in, n_hid, n_out):
        super().__init__()
        self.cell = nn.LSTMCell(n_in, n_hid)
        self.score = nn.Linear(n_hid, 1)
        self.out = nn.Linear(n_hid, n_out)

    def forward(self, x):
        h = c = x.new_zeros(x.shape[1], self.cell.hidden_size)
        states = []
        for step in x:
            h, c = self.cell(step, (h, c))
            states.append(h)
        states = torch.stack(states)
        weight = self.score(states).softmax(dim=0)
        return self.out((weight * states).sum(0))


# time first: which of three spikes occurs somewhere in the noise
x = 0.5 * torch.randn(T, N, 3)
y = torch.randint(3, (N,))
where = torch.randint(2, T - 2, (N,))
x[where, torch.arange(N), y] += 2.5
x[where + 1, torch.arange(N), y] -= 2.5

net = AttentionPool(3, 20, 3)
opt = torch.optim.Adamax(net.parameters(), lr=1e-2)
for epoch in range(12):
    for b in torch.randperm(1100).chunk(44):
        loss = F.nll_loss(F.log_softmax(net(x[:, b]), dim=1), y[b])
        for p in net.parameters():
            p.grad = None
        loss.backward()
        opt.step()
    with torch.no_grad():
        print("epoch", epoch, "accuracy", (net(x[:, 1100:]).argmax(1) == y[1100:]).float().mean().item())
