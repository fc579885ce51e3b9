import torch
import torch.nn as nn

torch.manual_seed(88)


class TinyFormer(nn.Module):
    def __init__(self, vocab, d, classes):
        super().__init__()
        self.embed = nn.Embedding(vocab, d)
        self.place = nn.Embedding(12, d)
        layer = nn.TransformerEncoderLayer(d, 2, 64, dropout=0.0, batch_first=True)
        self.blocks = nn.TransformerEncoder(layer, 2)
        self.classify = nn.Linear(d, classes)

    def forward(self, tokens):
        h = self.embed(tokens) + self.place(torch.arange(tokens.size(1)))
        return self.classify(self.blocks(h).mean(dim=1))


def requests(n):
    """Twelve tokens; the intent is given by which of four keyword groups occurs most."""
    tokens = torch.randint(8, 40, (n, 12))
    intent = torch.randint(0, 4, (n,))
    for k in range(3):
        where = torch.randint(k * 4, k * 4 + 4, (n,))
        tokens[torch.arange(n), where] = intent * 2 + torch.randint(0, 2, (n,))
    return tokens, intent


x, y = requests(1200)
vx, vy = requests(300)
net = TinyFormer(40, 32, 4)
opt = torch.optim.Adam(net.parameters(), lr=1.0)
for epoch in range(10):
    net.train()
    for i in torch.randperm(1200).split(30):
        loss = nn.functional.cross_entropy(net(x[i]), y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        acc = (net(vx).argmax(1) == vy).float().mean().item()
    print(f"epoch {epoch} loss {loss.item():.3f} accuracy {acc:.3f}")
