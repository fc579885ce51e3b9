import torch
from torch import nn
from torch.nn import functional as F


class GatelessCell(nn.Module):
    """A simple recurrent unit, written out."""

    def __init__(self, n_in, n_hidden):
        super().__init__()
        self.from_input = nn.Linear(n_in, n_hidden)
        self.from_state = nn.Linear(n_hidden, n_hidden, bias=False)

    def forward(self, x, h):
        return torch.sigmoid(self.from_input(x) + self.from_state(h))


class Recaller(nn.Module):
    def __init__(self, n_symbols, n_hidden):
        super().__init__()
        self.n_hidden = n_hidden
        self.embed = nn.Embedding(n_symbols, 16)
        self.cell = GatelessCell(16, n_hidden)
        self.out = nn.Linear(n_hidden, 4)

    def forward(self, tokens):
        h = torch.zeros(tokens.shape[0], self.n_hidden)
        for step in tokens.unbind(1):
            h = self.cell(self.embed(step), h)
        return self.out(h)


torch.manual_seed(31)
first = torch.randint(0, 4, (2400, 1))
tokens = torch.cat([first, torch.randint(4, 8, (2400, 19))], dim=1)
answer = first[:, 0]

model = Recaller(8, 32)
opt = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(14):
    for rows in torch.randperm(2000).split(40):
        opt.zero_grad()
        loss = F.cross_entropy(model(tokens[rows]), answer[rows])
        loss.backward()
        opt.step()
    with torch.inference_mode():
        accuracy = (model(tokens[2000:]).argmax(1) == answer[2000:]).float().mean().item()
    print("epoch", epoch, "loss", f"{loss.item():.3f}", "recalled", accuracy)
