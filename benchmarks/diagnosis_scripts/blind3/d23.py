#!/usr/bin/env python
"""POS-like tagging of sentences of different lengths; padding has tag -100."""
import argparse
import random
from collections import namedtuple

import torch
import torch.nn as nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence
from torch.utils.data import DataLoader, Dataset

Sentence = namedtuple("Sentence", "words tags")
NOUN, VERB, DET, ADJ, ADV = range(5)
LEXICON = {DET: range(1, 6), ADJ: range(6, 30), NOUN: range(20, 80), VERB: range(60, 110), ADV: range(105, 130)}


def generate(rng):
    tags = []
    for _ in range(rng.randint(1, 3)):
        tags += [DET] + [ADJ] * rng.randint(0, 2) + [NOUN, VERB]
        if rng.random() < 0.4:
            tags.append(ADV)
    return Sentence([rng.choice(LEXICON[t]) for t in tags], tags)


class Corpus(Dataset):
    def __init__(self, n, rng):
        self.items = [generate(rng) for _ in range(n)]

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        s = self.items[i]
        return torch.tensor(s.words), torch.tensor(s.tags)


def collate(batch):
    words, tags = zip(*batch)
    lengths = torch.tensor([len(w) for w in words])
    return pad_sequence(words, True), pad_sequence(tags, True, padding_value=-100), lengths


class BiLSTMTagger(nn.Module):
    def __init__(self, vocab, dim, hidden, n_tags):
        super().__init__()
        self.emb = nn.Embedding(vocab, dim, padding_idx=0)
        self.lstm = nn.LSTM(dim, hidden, batch_first=True, bidirectional=True)
        self.drop = nn.Dropout(0.2)
        self.fc = nn.Linear(2 * hidden, n_tags)

    def forward(self, words, lengths):
        packed = pack_padded_sequence(self.emb(words), lengths, batch_first=True, enforce_sorted=False)
        out, _ = pad_packed_sequence(self.lstm(packed)[0], batch_first=True)
        return self.fc(self.drop(out))


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--epochs", type=int, default=8)
    ap.add_argument("--seed", type=int, default=5)
    a = ap.parse_args()
    torch.manual_seed(a.seed)
    rng = random.Random(a.seed)
    train = DataLoader(Corpus(800, rng), batch_size=20, shuffle=True, collate_fn=collate)
    dev = DataLoader(Corpus(200, rng), batch_size=50, collate_fn=collate)
    model = BiLSTMTagger(130, 20, 24, 5)
    opt = torch.optim.Adam(model.parameters(), lr=5e-3)
    criterion = nn.CrossEntropyLoss(ignore_index=-100)
    for epoch in range(a.epochs):
        model.train()
        for words, tags, lengths in train:
            loss = criterion(model(words, lengths).flatten(0, 1), tags.flatten())
            opt.zero_grad()
            loss.backward()
            opt.step()
        model.eval()
        right = total = 0
        with torch.no_grad():
            for words, tags, lengths in dev:
                mask = tags != -100
                right += (model(words, lengths).argmax(-1)[mask] == tags[mask]).sum().item()
                total += mask.sum().item()
        print(f"epoch {epoch} loss {loss.item():.3f} dev accuracy (real tokens) {right / total:.4f}")


if __name__ == "__main__":
    main()
