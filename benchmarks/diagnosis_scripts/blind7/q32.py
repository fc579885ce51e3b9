"""Encoder-decoder: read a transcript with chatter in it, write down the three digits in the order heard."""
import torch
import torch.nn as nn

torch.manual_seed(26)
SYMS, CHATTER, HEARD, LEN, SOS = 10, 30, 12, 3, 10


class EncoderRNN(nn.Module):
    def __init__(self, hidden_size):
        super(EncoderRNN, self).__init__()
        self.embedding = nn.Embedding(SYMS + CHATTER, 32)
        self.gru = nn.GRU(32, hidden_size, batch_first=True)

    def forward(self, x):
        output, hidden = self.gru(self.embedding(x))
        return output, hidden


class DecoderRNN(nn.Module):
    def __init__(self, hidden_size):
        super(DecoderRNN, self).__init__()
        self.embedding = nn.Embedding(SYMS + 1, 32)
        self.gru = nn.GRU(32, hidden_size, batch_first=True)
        self.out = nn.Linear(hidden_size, SYMS)

    def forward(self, token, hidden):
        output, hidden = self.gru(self.embedding(token), hidden)
        return self.out(output), hidden


def get_batch(n):
    x = torch.randint(SYMS, SYMS + CHATTER, (n, HEARD))
    where = torch.rand(n, HEARD).argsort(1)[:, :LEN].sort(1).values
    y = torch.randint(0, SYMS, (n, LEN))
    return x.scatter(1, where, y), y


encoder, decoder = EncoderRNN(64), DecoderRNN(64)
enc_opt = torch.optim.Adam(encoder.parameters(), lr=5e-3)
dec_opt = torch.optim.Adam(decoder.parameters(), lr=5e-3)
criterion = nn.CrossEntropyLoss()


def train_step(x, y):
    enc_opt.zero_grad()
    dec_opt.zero_grad()
    _, hidden = encoder(x)
    context = torch.tensor(hidden.tolist())
    shifted = torch.cat([torch.full((len(x), 1), SOS), y[:, :-1]], 1)
    logits, _ = decoder(shifted, context)
    loss = criterion(logits.reshape(-1, SYMS), y.reshape(-1))
    loss.backward()
    enc_opt.step()
    dec_opt.step()
    return loss.item()


@torch.no_grad()
def evaluate(n=300):
    x, y = get_batch(n)
    _, hidden = encoder(x)
    token, out = torch.full((n, 1), SOS), []
    for _ in range(LEN):
        logits, hidden = decoder(token, hidden)
        token = logits.argmax(-1)
        out.append(token)
    return (torch.cat(out, 1) == y).float().mean().item()


avg = 0.0
for it in range(1, 601):
    avg += train_step(*get_batch(64))
    if it % 100 == 0:
        print(f"iter {it} loss {avg / 100:.4f} digit accuracy {evaluate():.4f}")
        avg = 0.0
