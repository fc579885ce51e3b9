import random
import torch
import torch.nn as nn

random.seed(16)
torch.manual_seed(16)
SOS, EOS, FIRST, VOCAB, LEN = 0, 1, 2, 12, 5


class EncoderRNN(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.embedding = nn.Embedding(VOCAB, hidden)
        self.gru = nn.GRU(hidden, hidden, batch_first=True)

    def forward(self, x):
        return self.gru(self.embedding(x))


class AttnDecoder(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.embedding = nn.Embedding(VOCAB, hidden)
        self.gru = nn.GRUCell(2 * hidden, hidden)
        self.query = nn.Linear(hidden, hidden)
        self.out = nn.Linear(2 * hidden, VOCAB)

    def forward(self, token, h, memory):
        weights = torch.softmax((memory * self.query(h).unsqueeze(1)).sum(-1), -1)
        context = (weights.unsqueeze(-1) * memory).sum(1)
        h = self.gru(torch.cat([self.embedding(token), context], -1), h)
        return self.out(torch.cat([h, context], -1)), h


def pairs(n):
    src = torch.randint(FIRST, VOCAB, (n, LEN))
    return src, torch.cat([src.flip(1), torch.full((n, 1), EOS)], 1)


encoder, decoder = EncoderRNN(48), AttnDecoder(48)
enc_opt = torch.optim.Adam(encoder.parameters(), lr=3e-3)
dec_opt = torch.optim.Adam(decoder.parameters(), lr=3e-3)
criterion = nn.CrossEntropyLoss()
teacher_forcing_ratio = 0.6


def train_step(src, tgt):
    enc_opt.zero_grad()
    dec_opt.zero_grad()
    memory, h = encoder(src)
    h, token, loss = h[0], torch.full((len(src),), SOS), 0
    forced = random.random() < teacher_forcing_ratio
    for t in range(tgt.size(1)):
        logits, h = decoder(token, h, memory)
        loss = loss + criterion(logits, tgt[:, t])
        token = tgt[:, t] if forced else logits.argmax(-1).detach()
    loss.backward()
    enc_opt.step()
    dec_opt.step()
    return loss.item() / tgt.size(1)


running = 0.0
for it in range(1, 501):
    running += train_step(*pairs(48))
    if it % 100 == 0:
        print(it, running / 100)
        running = 0.0

with torch.no_grad():
    src, tgt = pairs(400)
    memory, h = encoder(src)
    h, token, hits = h[0], torch.full((400,), SOS), []
    for t in range(tgt.size(1)):
        logits, h = decoder(token, h, memory)
        token = logits.argmax(-1)
        hits.append(token == tgt[:, t])
print("tokens right without forcing", torch.stack(hits).float().mean().item())
