import random

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence
from torch.utils.data import DataLoader

random.seed(15)
torch.manual_seed(15)
PAD = -100


def sentence():
    """Tag 1 from an opening bracket (1) up to the closing one (2), else 0; other tokens 3..30."""
    words, tags, inside = [], [], 0
    for _ in range(random.randint(4, 22)):
        r = random.random()
        if not inside and r < 0.2:
            words.append(1)
            inside = 1
            tags.append(1)
        elif inside and r < 0.25:
            words.append(2)
            tags.append(1)
            inside = 0
        else:
            words.append(random.randint(3, 30))
            tags.append(inside)
    return torch.tensor(words), torch.tensor(tags)


def collate(items):
    items.sort(key=lambda pair: -len(pair[0]))
    lengths = torch.tensor([len(w) for w, _ in items])
    words = pad_sequence([w for w, _ in items], batch_first=True)
    tags = pad_sequence([t for _, t in items], batch_first=True, padding_value=PAD)
    return words, tags, lengths


class BiTagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(31, 12, padding_idx=0)
        self.lstm = nn.LSTM(12, 20, batch_first=True, bidirectional=True)
        self.project = nn.Linear(40, 2)

    def forward(self, words, lengths):
        packed = pack_padded_sequence(self.embedding(words), lengths, batch_first=True)
        out, _ = pad_packed_sequence(self.lstm(packed)[0], batch_first=True)
        return self.project(out)


train = DataLoader([sentence() for _ in range(1000)], batch_size=20, shuffle=True, collate_fn=collate)
test = DataLoader([sentence() for _ in range(200)], batch_size=50, collate_fn=collate)
tagger = BiTagger()
optimizer = torch.optim.Adam(tagger.parameters(), lr=5e-3)
loss_function = nn.CrossEntropyLoss(ignore_index=PAD)
for epoch in range(8):
    for words, tags, lengths in train:
        tagger.zero_grad()
        loss = loss_function(tagger(words, lengths).flatten(0, 1), tags.flatten())
        loss.backward()
        optimizer.step()
    right = total = 0
    with torch.no_grad():
        for words, tags, lengths in test:
            guess = tagger(words, lengths).argmax(-1)
            keep = tags != PAD
            right += (guess[keep] == tags[keep]).sum().item()
            total += keep.sum().item()
    print(f"epoch {epoch} loss {loss.item():.4f} tag accuracy {right / total:.4f}")
