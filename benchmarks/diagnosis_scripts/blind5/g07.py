# CTC on fake spoken digits: each digit = a few frames of a noisy 8-d template, pauses in between.
import torch
import torch.nn as nn
from torch.nn.utils.rnn import pad_sequence

torch.manual_seed(123)

D, C = 8, 6
templates = torch.randn(C, D) * 1.5


def utterance():
    n = int(torch.randint(2, 6, (1,)))
    digits = torch.randint(0, C, (n,))
    frames = []
    for dg in digits:
        frames += [torch.zeros(D)] * int(torch.randint(1, 3, (1,)))
        frames += [templates[dg]] * int(torch.randint(2, 5, (1,)))
    x = torch.stack(frames)
    return x + 0.4 * torch.randn_like(x), digits + 1  # 0 is the blank


def batch(n):
    xs, ys = zip(*[utterance() for _ in range(n)])
    xl = torch.tensor([len(x) for x in xs])
    yl = torch.tensor([len(y) for y in ys])
    return pad_sequence(xs), torch.cat(ys), xl, yl, ys


class Acoustic(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(D, 32, bidirectional=True)
        self.proj = nn.Linear(64, C + 1)

    def forward(self, x):
        h, _ = self.rnn(x)
        return self.proj(h).log_softmax(-1)


def greedy(logp, xl):
    best = logp.argmax(-1)  # (T, N)
    out = []
    for n in range(best.shape[1]):
        prev, s = 0, []
        for v in best[:xl[n], n].tolist():
            if v != prev and v != 0:
                s.append(v)
            prev = v
        out.append(s)
    return out


model = Acoustic()
ctc = nn.CTCLoss(blank=0, zero_infinity=True)
optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)

for step in range(1, 181):
    x, y, xl, yl, _ = batch(16)
    loss = ctc(model(x), y, xl, yl)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 5.0)
    optimizer.step()
    if step % 30 == 0:
        print(f"step {step} ctc {loss.item():.3f}")

model.eval()
x, y, xl, yl, ys = batch(200)
with torch.no_grad():
    hyp = greedy(model(x), xl)
exact = sum(h == t.tolist() for h, t in zip(hyp, ys)) / len(ys)
print(f"utterances without any error: {exact:.3f}")
