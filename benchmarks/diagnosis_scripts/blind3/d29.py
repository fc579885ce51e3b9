"""Seq2seq: read the digits out of a line of ticks, spell them backwards. Encoder, decoder, teacher forcing."""
import random
import torch
import torch.nn as nn
from torch import optim
from torch.autograd import Variable

SOS = 10
TICK = 10
MAX_LEN = 3
LINE = 12
HID = 48

random.seed(17)
torch.manual_seed(17)


class EncoderRNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super(EncoderRNN, self).__init__()
        self.embedding = nn.Embedding(input_size, hidden_size)
        self.gru = nn.GRU(hidden_size, hidden_size)

    def forward(self, input):
        return self.gru(self.embedding(input))


class DecoderRNN(nn.Module):
    def __init__(self, hidden_size, output_size):
        super(DecoderRNN, self).__init__()
        self.embedding = nn.Embedding(output_size + 1, hidden_size)
        self.gru = nn.GRU(hidden_size, hidden_size)
        self.out = nn.Linear(hidden_size, output_size)

    def forward(self, input, hidden):
        output, hidden = self.gru(self.embedding(input), hidden)
        return self.out(output), hidden


def get_batch(n):
    digits = torch.randint(0, 10, (MAX_LEN, n))
    line = torch.full((LINE, n), TICK)
    for j in range(n):
        line[torch.randperm(LINE)[:MAX_LEN].sort().values, j] = digits[:, j]
    return line, digits.flip(0)


def train_step(source, target, encoder, decoder, enc_opt, dec_opt, criterion):
    enc_opt.zero_grad()
    dec_opt.zero_grad()
    _, encoder_hidden = encoder(source)
    decoder_hidden = Variable(encoder_hidden.data)
    start = torch.full((1, source.size(1)), SOS)
    inputs = torch.cat([start, target[:-1]])
    logits, _ = decoder(inputs, decoder_hidden)
    loss = criterion(logits.reshape(-1, 10), target.reshape(-1))
    loss.backward()
    enc_opt.step()
    dec_opt.step()
    return loss.item()


@torch.no_grad()
def evaluate(encoder, decoder, source, target):
    _, hidden = encoder(source)
    token = torch.full((1, source.size(1)), SOS)
    words = []
    for _ in range(MAX_LEN):
        logits, hidden = decoder(token, hidden)
        token = logits.argmax(-1)
        words.append(token)
    return (torch.cat(words) == target).float().mean().item()


def main():
    encoder, decoder = EncoderRNN(11, HID), DecoderRNN(HID, 10)
    enc_opt = optim.Adam(encoder.parameters(), lr=5e-3)
    dec_opt = optim.Adam(decoder.parameters(), lr=5e-3)
    criterion = nn.CrossEntropyLoss()
    valid = get_batch(300)
    print_loss = 0.0
    for it in range(1, 601):
        print_loss += train_step(*get_batch(40), encoder, decoder, enc_opt, dec_opt, criterion)
        if it % 100 == 0:
            print("%d  loss %.4f  digits right %.4f" % (it, print_loss / 100, evaluate(encoder, decoder, *valid)))
            print_loss = 0.0


main()
