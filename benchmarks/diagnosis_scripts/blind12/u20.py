# seq2seq: reverse a digit string (GRU encoder/decoder, teacher forcing)
import torch
import torch.nn as nn

torch.manual_seed(31)
DIGITS, SOS, LEN, HID = 8, 8, 4, 64


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
    tgt = src.flip(1)
    dec_in = torch.cat([torch.full((n, 1), SOS), tgt[:, :-1]], 1)
    return src, dec_in, tgt


def train_step(src, dec_in, tgt, enc, dec, enc_opt, dec_opt, criterion):
    enc_opt.zero_grad()
    logits, _ = dec(dec_in, enc(src))
    loss = criterion(logits.reshape(-1, DIGITS), tgt.reshape(-1))
    loss.backward()
    enc_opt.step()
    dec_opt.step()
    return loss.item()


@torch.no_grad()
def greedy_accuracy(enc, dec, n=300):
    src, _, tgt = get_batch(n)
    hidden = enc(src)
    tok = torch.full((n, 1), SOS)
    outs = []
    for _ in range(LEN):
        logits, hidden = dec(tok, hidden)
        tok = logits.argmax(-1)
        outs.append(tok)
    return (torch.cat(outs, 1) == tgt).float().mean().item()


encoder, decoder = Encoder(), Decoder()
enc_optimizer = torch.optim.Adam(encoder.parameters(), lr=0.01)
dec_optimizer = torch.optim.Adam(decoder.parameters(), lr=0.01)
nll = nn.CrossEntropyLoss()

print_loss = 0
for it in range(1, 601):
    print_loss += train_step(*get_batch(48), encoder, decoder, enc_optimizer, dec_optimizer, nll)
    if it % 60 == 0:
        print("%4d  loss %.4f  token accuracy %.4f" % (it, print_loss / 60, greedy_accuracy(encoder, decoder)))
        print_loss = 0
