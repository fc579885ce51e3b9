"""Seq2seq: spell numbers backwards ("4 7 1" -> "1 7 4"), GRU encoder and decoder, two optimizers."""
import random

import torch
import torch.nn as nn
from torch import optim

random.seed(6)
torch.manual_seed(6)
SOS, VOCAB, LEN, HID = 10, 11, 5, 64


class EncoderRNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCAB, 24)
        self.gru = nn.GRU(24, HID, batch_first=True)

    def forward(self, x):
        return self.gru(self.embedding(x))[1]


class DecoderRNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCAB, 24)
        self.gru = nn.GRU(24, HID, batch_first=True)
        self.out = nn.Linear(HID, VOCAB)

    def forward(self, token, hidden):
        o, hidden = self.gru(self.embedding(token), hidden)
        return self.out(o.squeeze(1)), hidden


def pairs(n):
    x = torch.randint(0, 10, (n, LEN))
    return x, x.flip(1)


def decode(decoder, hidden, target, teacher):
    token = torch.full((len(target), 1), SOS)
    logits = []
    for t in range(LEN):
        o, hidden = decoder(token, hidden)
        logits.append(o)
        token = target[:, t:t + 1] if teacher else o.argmax(1, keepdim=True)
    return torch.stack(logits, 1)


encoder, decoder = EncoderRNN(), DecoderRNN()
enc_opt = optim.Adam(encoder.parameters(), lr=4e-3)
dec_opt = optim.Adam(decoder.parameters(), lr=4e-3)
crit = nn.CrossEntropyLoss()
test_x, test_y = pairs(300)

for it in range(1, 501):
    x, y = pairs(64)
    enc_opt.zero_grad()
    dec_opt.zero_grad()
    logits = decode(decoder, encoder(x), y, teacher=random.random() < 0.7)
    loss = crit(logits.reshape(-1, VOCAB), y.reshape(-1))
    loss.backward()
    enc_opt.step()
    dec_opt.step()
    if it % 100 == 0:
        with torch.no_grad():
            pred = decode(decoder, encoder(test_x), test_y, teacher=False).argmax(-1)
        print("iter %d loss %.4f digit accuracy %.4f" % (it, loss.item(), (pred == test_y).float().mean()))
