# stacked custom LSTM layers, copy-first-symbol-among-distractors task
import torch
import torch.nn as nn

torch.manual_seed(4)

V, T = 8, 16


class StackedLSTM(nn.Module):
    """An LSTM with a configurable number of cells, unrolled by hand."""

    def __init__(self, vocab, width, depth):
        super().__init__()
        self.width = width
        self.table = nn.Embedding(vocab, width)
        self.cells = [nn.LSTMCell(width, width) for _ in range(depth)]
        self.to_out = nn.Linear(width, vocab)

    def forward(self, tokens):
        batch, steps = tokens.shape
        state = [(torch.zeros(batch, self.width), torch.zeros(batch, self.width)) for _ in self.cells]
        x = self.table(tokens)
        for t in range(steps):
            inp = x[:, t]
            for level, cell in enumerate(self.cells):
                state[level] = cell(inp, state[level])
                inp = state[level][0]
        return self.to_out(inp)


def get_batch(n):
    s = torch.randint(1, V, (n, T))
    marker = torch.randint(2, T - 3, (n,))
    s[torch.arange(n), marker] = 0
    return s, s[torch.arange(n), marker + 1]


model = StackedLSTM(V, 32, 2)
print("parameters:", sum(p.numel() for p in model.parameters()))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(401):
    tokens, answer = get_batch(48)
    logits = model(tokens)
    loss = nn.functional.cross_entropy(logits, answer)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    if step % 50 == 0:
        print(f"{step:4d} {loss.item():.3f} {(logits.argmax(1) == answer).float().mean().item():.2f}")

with torch.no_grad():
    tokens, answer = get_batch(1000)
    print("test accuracy", (model(tokens).argmax(1) == answer).float().mean().item())
