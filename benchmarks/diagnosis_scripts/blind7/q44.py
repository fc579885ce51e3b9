# Copy with growing length: the lesson grows when the present one is mastered (curriculum), GRU memory.
import torch
from torch import nn

torch.manual_seed(9)
SYMBOLS, GO = 6, 6


def lesson(n, length):
    """Symbols, then a GO mark, then blanks while the net repeats what it saw."""
    s = torch.randint(0, SYMBOLS, (n, length))
    x = torch.cat([s, torch.full((n, 1), GO), torch.full((n, length - 1), GO + 1)], 1)
    return x, s


class Repeater(nn.Module):
    def __init__(self, h=96):
        super().__init__()
        self.emb = nn.Embedding(SYMBOLS + 2, 16)
        self.rnn = nn.GRU(16, h, batch_first=True)
        self.out = nn.Linear(h, SYMBOLS)

    def forward(self, x, length):
        return self.out(self.rnn(self.emb(x))[0][:, -length:])


net = Repeater()
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
length, mastered, smooth = 1, [], 0.0
for step in range(1, 1101):
    # now and then an old lesson, so that it is not forgotten
    now = length if torch.rand(()) < 0.8 else int(torch.randint(1, length + 1, ()))
    x, s = lesson(48, now)
    logits = net(x, now)
    loss = nn.functional.cross_entropy(logits.flatten(0, 1), s.flatten())
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    if now == length:
        acc = (logits.argmax(-1) == s).float().mean().item()
        smooth = 0.85 * smooth + 0.15 * acc
        if smooth > 0.95 and length < 5:
            mastered.append((length, step))
            length, smooth = length + 1, 0.0
    if step % 100 == 0:
        print(f"step {step} lesson {length} loss {loss.item():.4f}")
print("mastered (length, step):", mastered)
with torch.no_grad():
    scores = []
    for k in range(1, length + 1):
        x, s = lesson(200, k)
        scores.append((net(x, k).argmax(-1) == s).float().mean().item())
print("longest lesson", length, "mean symbol accuracy", round(sum(scores) / len(scores), 4))
