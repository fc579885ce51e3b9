# seq2seq: sort a digit string; micro-batches of 12 accumulated over 4, two optimizers
import torch
import torch.nn as nn

torch.manual_seed(32)
DIGITS, SOS, LEN, HID, ACCUM = 6, 6, 4, 48, 4


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(DIGITS, 16)
        self.gru = nn.GRU(16, HID, batch_first=True)

    def forward(self, src):
        return self.gru(self.embedding(src))[1]


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(DIGITS + 1, 16)
        self.gru = nn.GRU(16, HID, batch_first=True)
        self.out = nn.Linear(HID, DIGITS)

    def forward(self, tok, hidden):
        o, hidden = self.gru(self.embedding(tok), hidden)
        return self.out(o), hidden


def get_batch(n):
    src = torch.randint(0, DIGITS, (n, LEN))
    tgt = src.sort(1).values
    return src, torch.cat([torch.full((n, 1), SOS), tgt[:, :-1]], 1), tgt


@torch.no_grad()
def greedy_accuracy(enc, dec, n=300):
    src, _, tgt = get_batch(n)
    hidden, tok, outs = enc(src), torch.full((n, 1), SOS), []
    for _ in range(LEN):
        logits, hidden = dec(tok, hidden)
        tok = logits.argmax(-1)
        outs.append(tok)
    return (torch.cat(outs, 1) == tgt).float().mean().item()


encoder, decoder = Encoder(), Decoder()
enc_opt = torch.optim.Adam(encoder.parameters(), lr=0.006)
dec_opt = torch.optim.Adam(decoder.parameters(), lr=0.006)
criterion = nn.CrossEntropyLoss()

running = 0.0
for micro in range(1, 801):
    src, dec_in, tgt = get_batch(12)
    logits, _ = decoder(dec_in, encoder(src))
    loss = criterion(logits.reshape(-1, DIGITS), tgt.reshape(-1)) / ACCUM
    loss.backward()
    running += loss.item()
    if micro % ACCUM == 0:
        enc_opt.step()
        dec_opt.step()
        enc_opt.zero_grad()
        dec_opt.zero_grad()
    if micro % 200 == 0:
        print("%4d  loss %.4f  token accuracy %.4f" % (micro, running / 200 * ACCUM, greedy_accuracy(encoder, decoder)))
        running = 0.0
