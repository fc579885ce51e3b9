import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(3)
VOCAB, LEN, D = 12, 8, 32


class TinyTransformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.tok = nn.Embedding(VOCAB, D)
        self.pos = nn.Parameter(torch.randn(1, LEN, D) * 0.5)
        layer = nn.TransformerEncoderLayer(D, 4, 64, dropout=0.0, batch_first=True, norm_first=True)
        self.enc = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.out = nn.Linear(D, VOCAB)

    def forward(self, x):
        return self.out(self.enc(self.tok(x) + self.pos))


def get_batch(n=64):
    x = torch.randint(0, VOCAB, (n, LEN))
    return x, x.flip(1)


model = TinyTransformer()
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
warmup, total = 100, 450


def schedule(step):
    if step < warmup:
        return (step + 1) / warmup
    return max(0.05, (total - step) / (total - warmup))


scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, schedule)
for step in range(total):
    x, y = get_batch()
    logits = model(x)
    loss = F.cross_entropy(logits.reshape(-1, VOCAB), y.reshape(-1))
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    scheduler.step()
    if step % 50 == 49:
        acc = (logits.argmax(-1) == y).float().mean().item()
        print(f"step {step + 1} lr {scheduler.get_last_lr()[0]:.2e} loss {loss.item():.4f} accuracy {acc:.3f}")
