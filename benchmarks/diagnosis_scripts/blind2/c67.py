import math
import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR

torch.manual_seed(8)
VOCAB, LENGTH, D = 12, 10, 32
WARMUP, TOTAL = 80, 700


class SortingTransformer(nn.Module):
    """Predict, at each place, the symbol that belongs there once the sequence is sorted."""

    def __init__(self):
        super().__init__()
        self.tok = nn.Embedding(VOCAB, D)
        self.pos = nn.Parameter(torch.randn(LENGTH, D) * 0.02)
        layer = nn.TransformerEncoderLayer(D, 4, 64, dropout=0.0, batch_first=True, norm_first=True)
        self.enc = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(D, VOCAB)

    def forward(self, x):
        return self.head(self.enc(self.tok(x) + self.pos))


def lr_lambda(step):
    if step < WARMUP:
        return step / WARMUP
    return 0.5 * (1 + math.cos(math.pi * (step - WARMUP) / (TOTAL - WARMUP)))


net = SortingTransformer()
optim = torch.optim.AdamW(net.parameters(), lr=4e-3, weight_decay=0.01)
sched = LambdaLR(optim, lr_lambda)
for step in range(TOTAL):
    x = torch.randint(0, VOCAB, (64, LENGTH))
    y = x.sort(1).values
    loss = nn.functional.cross_entropy(net(x).transpose(1, 2), y)
    optim.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    optim.step()
    sched.step()
    if step % 100 == 0:
        print(step, sched.get_last_lr()[0], loss.item())
x = torch.randint(0, VOCAB, (500, LENGTH))
print("symbols right:", (net(x).argmax(-1) == x.sort(1).values).float().mean().item())
