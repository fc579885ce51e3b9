import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(316)
TOPICS, PER = 6, 10
V = TOPICS * PER
topic = torch.arange(V) // PER


class SkipGram(nn.Module):
    def __init__(self, dim=16):
        super().__init__()
        self.u = nn.Embedding(V, dim, sparse=True)
        self.v = nn.Embedding(V, dim, sparse=True)
        nn.init.zeros_(self.v.weight)

    def forward(self, centre, context, negative):
        c = self.u(centre)
        pos = F.logsigmoid((c * self.v(context)).sum(-1))
        neg = F.logsigmoid(-(self.v(negative) @ c.unsqueeze(-1)).squeeze(-1)).sum(-1)
        return -(pos + neg).mean()


model = SkipGram()
opt = torch.optim.SparseAdam(list(model.parameters()), lr=0.02)
for step in range(600):
    centre = torch.randint(0, V, (64,))
    same = topic[centre] * PER + torch.randint(0, PER, (64,))
    context = torch.where(torch.rand(64) < 0.8, same, torch.randint(0, V, (64,)))
    loss = model(centre, context, torch.randint(0, V, (64, 5)))
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 99:
        print("step", step + 1, "loss", round(loss.item(), 4))
e = F.normalize(model.u.weight.detach(), dim=1)
near = (e @ e.T - 2 * torch.eye(V)).argmax(1)
print("neighbours", (topic[near] == topic).float().mean().item())
