import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(404)
V, L, MASK = 20, 12, 20
step_size = torch.randint(1, 4, (3000, 1))
seqs = (torch.randint(0, V, (3000, 1)) + step_size * torch.arange(L)) % V


class Bert(nn.Module):
    def __init__(self, d=48):
        super().__init__()
        self.tok = nn.Embedding(V + 1, d)
        self.pos = nn.Embedding(L, d)
        self.rnn = nn.GRU(d, d, bidirectional=True, batch_first=True)
        self.lm = nn.Sequential(nn.Linear(2 * d, d), nn.GELU(), nn.LayerNorm(d), nn.Linear(d, V))

    def forward(self, x):
        h = self.tok(x) + self.pos(torch.arange(L))
        return self.lm(self.rnn(h)[0])


net = Bert()
opt = torch.optim.AdamW(net.parameters(), lr=5e-3)
for epoch in range(8):
    total = []
    for idx in torch.randperm(3000).split(60):
        x = seqs[idx].clone()
        pick = torch.rand(x.shape) < 0.15
        labels = torch.where(pick, x, torch.full_like(x, -100))
        x[pick] = MASK
        loss = F.cross_entropy(net(x).view(-1, V), labels.view(-1), ignore_index=-100)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total.append(loss.item())
    print("epoch", epoch, "masked loss", sum(total) / len(total))
