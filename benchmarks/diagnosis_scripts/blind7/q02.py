"""Intent of short voice-assistant requests; token ids of varying length, packed LSTM."""
import random

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence
from torch.utils.data import DataLoader, Dataset

SEED = 11
random.seed(SEED)
torch.manual_seed(SEED)

VOCAB = 120
INTENTS = ["weather", "music", "alarm", "call", "lights"]
KEYS = {i: list(range(1 + 8 * i, 9 + 8 * i)) for i in range(len(INTENTS))}


def utterance():
    intent = random.randrange(len(INTENTS))
    n = random.randint(3, 14)
    words = [random.randint(41, VOCAB - 1) for _ in range(n)]
    for _ in range(random.randint(1, 2)):
        words[random.randrange(n)] = random.choice(KEYS[intent])
    return words, intent


class Requests(Dataset):
    def __init__(self, n):
        self.items = [utterance() for _ in range(n)]

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        words, intent = self.items[i]
        return torch.tensor(words), intent


def collate(batch):
    labels = torch.tensor([b[1] for b in batch])
    seqs = sorted((b[0] for b in batch), key=len, reverse=True)
    lengths = torch.tensor([len(s) for s in seqs])
    return pad_sequence(seqs, batch_first=True), lengths, labels


class IntentLSTM(nn.Module):
    def __init__(self, vocab, emb=32, hid=48, classes=5):
        super().__init__()
        self.emb = nn.Embedding(vocab, emb, padding_idx=0)
        self.lstm = nn.LSTM(emb, hid, batch_first=True, bidirectional=True)
        self.out = nn.Linear(2 * hid, classes)

    def forward(self, x, lengths):
        packed = pack_padded_sequence(self.emb(x), lengths, batch_first=True)
        _, (h, _) = self.lstm(packed)
        return self.out(torch.cat([h[0], h[1]], 1))


train_loader = DataLoader(Requests(1600), batch_size=32, shuffle=True, collate_fn=collate)
valid_loader = DataLoader(Requests(400), batch_size=64, collate_fn=collate)
net = IntentLSTM(VOCAB)
optimizer = torch.optim.AdamW(net.parameters(), lr=3e-3)
criterion = nn.CrossEntropyLoss()

for epoch in range(6):
    net.train()
    running = 0.0
    for x, lengths, y in train_loader:
        optimizer.zero_grad()
        loss = criterion(net(x, lengths), y)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        running += loss.item()
    net.eval()
    hits = total = 0
    with torch.no_grad():
        for x, lengths, y in valid_loader:
            hits += (net(x, lengths).argmax(1) == y).sum().item()
            total += len(y)
    print(f"epoch {epoch + 1}: loss {running / len(train_loader):.3f}  val acc {hits / total:.3f}")
