"""min-char-rnn in PyTorch."""
import torch
import torch.nn as nn

torch.manual_seed(5)
text = "".join(["to be or not to be that is the question whether tis nobler in the mind to suffer " for _ in range(60)])
vocab = sorted(set(text))
lookup = {c: i for i, c in enumerate(vocab)}
data = torch.tensor([lookup[c] for c in text])
seq_len, batch_size, hidden_size = 25, 16, 64
learning_rate = 1e-6


def sample_batch(lo, hi):
    starts = torch.randint(lo, hi - seq_len - 1, (batch_size,))
    x = torch.stack([data[s:s + seq_len] for s in starts])
    y = torch.stack([data[s + 1:s + 1 + seq_len] for s in starts])
    return x, y


class CharRNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(len(vocab), 24)
        self.gru = nn.GRU(24, hidden_size, batch_first=True)
        self.logits = nn.Linear(hidden_size, len(vocab))

    def forward(self, x):
        return self.logits(self.gru(self.embed(x))[0])


net = CharRNN()
optimizer = torch.optim.Adam(net.parameters(), lr=learning_rate)
smooth = None
for it in range(600):
    x, y = sample_batch(0, 4000)
    loss = nn.functional.cross_entropy(net(x).flatten(0, 1), y.flatten())
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), 5)
    optimizer.step()
    smooth = loss.item() if smooth is None else 0.98 * smooth + 0.02 * loss.item()
    if it % 100 == 0:
        print("iter %d, smooth loss %f" % (it, smooth))

with torch.no_grad():
    x, y = sample_batch(4000, len(data))
    print("next char accuracy", (net(x).argmax(-1) == y).float().mean().item())
