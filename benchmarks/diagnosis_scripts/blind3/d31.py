import random
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence

random.seed(8)
torch.manual_seed(8)

VOCAB, CLASSES = 60, 5


def make_message():
    label = random.randrange(CLASSES)
    length = random.randint(4, 15)
    # intent words: 10 a class, the rest is filler
    toks = [random.randrange(10, 60) for _ in range(length)]
    for _ in range(2):
        toks[random.randrange(length)] = label * 2 + random.randrange(2)
    return torch.tensor(toks) + 1, label


def batches(data, bs, shuffle):
    data = list(data)
    if shuffle:
        random.shuffle(data)
    for k in range(0, len(data), bs):
        yield collate(data[k:k + bs])


def collate(items):
    labels = torch.tensor([lab for _, lab in items])
    items = sorted(items, key=lambda it: len(it[0]), reverse=True)
    lengths = torch.tensor([len(t) for t, _ in items])
    padded = pad_sequence([t for t, _ in items], batch_first=True)
    return padded, lengths, labels


class IntentModel(nn.Module):
    def __init__(self, dim=24, hid=32):
        super().__init__()
        self.emb = nn.Embedding(VOCAB + 1, dim, padding_idx=0)
        self.lstm = nn.LSTM(dim, hid, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(2 * hid, CLASSES)

    def forward(self, x, lengths):
        packed = pack_padded_sequence(self.emb(x), lengths, batch_first=True)
        _, (h, _) = self.lstm(packed)
        return self.fc(torch.cat((h[-2], h[-1]), dim=1))


def run_epoch(model, data, criterion, optimizer=None):
    model.train(optimizer is not None)
    total, right, seen = 0.0, 0, 0
    with torch.set_grad_enabled(optimizer is not None):
        for x, lengths, y in batches(data, 32, optimizer is not None):
            logits = model(x, lengths)
            loss = criterion(logits, y)
            if optimizer is not None:
                optimizer.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(model.parameters(), 5.0)
                optimizer.step()
            total += loss.item() * len(y)
            right += (logits.argmax(1) == y).sum().item()
            seen += len(y)
    return total / seen, right / seen


if __name__ == "__main__":
    corpus = [make_message() for _ in range(1500)]
    train, valid = corpus[:1200], corpus[1200:]
    model = IntentModel()
    optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(9):
        tl, ta = run_epoch(model, train, criterion, optimizer)
        vl, va = run_epoch(model, valid, criterion)
        print(f"{epoch:02d} | train {tl:.3f} / {ta:.3f} | valid {vl:.3f} / {va:.3f}")
