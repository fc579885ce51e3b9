import torch
import torch.nn as nn

torch.manual_seed(2)


class DeepRNN(nn.Module):
    """n stacked GRU cells with residual connections (so I can look at each layer's state)."""

    def __init__(self, n_tokens, width, n_layers, n_out):
        super(DeepRNN, self).__init__()
        self.width = width
        self.encoder = nn.Embedding(n_tokens, width)
        self.cells = [nn.GRUCell(width, width) for _ in range(n_layers)]
        self.norm = nn.LayerNorm(width)
        self.decoder = nn.Linear(width, n_out)

    def forward(self, tokens):
        b, t = tokens.shape
        hs = [tokens.new_zeros(b, self.width, dtype=torch.float) for _ in self.cells]
        emb = self.encoder(tokens)
        for i in range(t):
            x = emb[:, i]
            for k, cell in enumerate(self.cells):
                hs[k] = cell(x, hs[k])
                x = x + hs[k]
        return self.decoder(self.norm(hs[-1]))


def key_value(n):
    """First half: keys and values in turn; last token: the key whose value is asked for."""
    keys = torch.stack([torch.randperm(4)[:3] for _ in range(n)])
    vals = torch.randint(4, 8, (n, 3))
    body = torch.stack([keys, vals], dim=2).reshape(n, 6)
    which = torch.randint(3, (n,))
    ask = keys[torch.arange(n), which].unsqueeze(1)
    return torch.cat([body, ask], dim=1), vals[torch.arange(n), which] - 4


train_x, train_y = key_value(2400)
valid_x, valid_y = key_value(500)

model = DeepRNN(n_tokens=8, width=48, n_layers=2, n_out=4)
optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
criterion = nn.CrossEntropyLoss()

for epoch in range(9):
    for idx in torch.randperm(len(train_x)).split(60):
        optimizer.zero_grad()
        loss = criterion(model(train_x[idx]), train_y[idx])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    with torch.no_grad():
        out = model(valid_x)
    print("epoch %d | loss %.4f | valid loss %.4f | valid acc %.4f" % (
        epoch, loss.item(), criterion(out, valid_y).item(), (out.argmax(1) == valid_y).float().mean().item()))
