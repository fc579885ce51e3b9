import torch
import torch.nn as nn

torch.manual_seed(70)
LENGTH, VOCAB = 16, 12




class Encoder(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.tok = nn.Embedding(VOCAB, d)
        self.pos = nn.Parameter(torch.randn(LENGTH, d) * 0.1)
        layer = nn.TransformerEncoderLayer(d, nhead=4, dim_feedforward=64, dropout=0.0, batch_first=True, norm_first=True)
        self.body = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.out = nn.Linear(d, 3)

    def forward(self, x):
        return self.out(self.body(self.tok(x) + self.pos).mean(1))


def strings(n):
    """The label: the most frequent of three groups of tokens."""
    x = torch.randint(1, VOCAB, (n, LENGTH))
    group = (x - 1) % 3
    counts = torch.stack([(group == k).sum(1) for k in range(3)], 1)
    return x, counts.argmax(1)


x, y = strings(3000)
vx, vy = strings(500)
model = Encoder()
opt = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.01)
warmup, total = 60, 8 * 60
sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min((s + 1) / warmup, (total - s) / (total - warmup) + 1e-3))
for epoch in range(8):
    model.train()
    for i in torch.randperm(3000).split(50):
        loss = nn.functional.cross_entropy(model(x[i]), y[i])
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        sched.step()
    model.eval()
    with torch.no_grad():
        acc = (model(vx).argmax(1) == vy).float().mean().item()
    print(f"epoch {epoch + 1} loss {loss.item():.3f} valid accuracy {acc:.3f}")
