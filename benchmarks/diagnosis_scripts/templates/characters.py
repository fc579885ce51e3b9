"""A character model, plain SGD by hand with clipping."""

import torch
from torch import nn

SEED = 0
HIDDEN = 64
CELL = "LSTM"
RATE = 10.0
CLIP = 0.25
BPTT = 25
STREAMS = 16
EPOCHS = 10

torch.manual_seed(SEED)
sentences = ["the boy who saw the sea . ", "a ship came in at dawn . ", "no wind blew all that day . "]
text = "".join(sentences[k] for k in torch.randint(0, 3, (600,)).tolist())
letters = sorted(set(text))
ids = torch.tensor([letters.index(c) for c in text])
ids = ids[: len(ids) // STREAMS * STREAMS].view(STREAMS, -1).t()
cut = int(0.85 * len(ids))
train, held_out = ids[:cut], ids[cut:]


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(len(letters), 24)
        self.rnn = getattr(nn, CELL)(24, HIDDEN)
        self.out = nn.Linear(HIDDEN, len(letters))

    def forward(self, x, state=None):
        y, state = self.rnn(self.embedding(x), state)
        return self.out(y), state


def cut_off(state):
    return tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()


model = Model()
for epoch in range(EPOCHS):
    state = None
    for i in range(0, len(train) - 1, BPTT):
        x, y = train[i : i + BPTT], train[i + 1 : i + 1 + BPTT]
        logits, state = model(x[: len(y)], state)
        state = cut_off(state)
        loss = nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten())
        model.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        with torch.no_grad():
            for p in model.parameters():
                p -= RATE * p.grad
    print(epoch, loss.item())
with torch.no_grad():
    logits, _ = model(held_out[:-1])
    print("next character right", (logits.argmax(-1) == held_out[1:]).float().mean().item())
