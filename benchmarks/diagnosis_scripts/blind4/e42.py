# POS-like tagger: BiLSTM over word ids, 7 tags
import random

import torch
import torch.nn as nn
import torch.optim as optim

SEED = 77
random.seed(SEED)
torch.manual_seed(SEED)

VOCAB, TAGS, EMB, HID = 200, 7, 24, 32
N_EPOCHS = 2
word_tag = [random.randrange(TAGS) for _ in range(VOCAB)]


def sentence():
    n = random.randint(5, 12)
    words = [random.randrange(VOCAB) for _ in range(n)]
    tags = []
    for i, w in enumerate(words):
        t = word_tag[w]
        if i and w % 4 == 0:                     # ambiguous words take the tag after their neighbour's
            t = (word_tag[words[i - 1]] + 1) % TAGS
        tags.append(t)
    return words, tags


train_data = [sentence() for _ in range(400)]
test_data = [sentence() for _ in range(120)]


class Tagger(nn.Module):
    def __init__(self):
        super(Tagger, self).__init__()
        self.embedding = nn.Embedding(VOCAB, EMB)
        self.lstm = nn.LSTM(EMB, HID, bidirectional=True)
        self.fc = nn.Linear(2 * HID, TAGS)

    def forward(self, ids):
        e = self.embedding(ids).unsqueeze(1)
        out, _ = self.lstm(e)
        return self.fc(out.squeeze(1))


def accuracy(model, data):
    good = total = 0
    model.eval()
    with torch.no_grad():
        for w, t in data:
            guess = model(torch.tensor(w)).argmax(1)
            good += (guess == torch.tensor(t)).sum().item()
            total += len(t)
    return good / total


model = Tagger()
criterion = nn.CrossEntropyLoss()
optimizer = optim.Adam(model.parameters(), lr=0.001)
for epoch in range(N_EPOCHS):
    model.train()
    random.shuffle(train_data)
    epoch_loss = 0
    for w, t in train_data:
        optimizer.zero_grad()
        loss = criterion(model(torch.tensor(w)), torch.tensor(t))
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item()
    print(f"Epoch: {epoch + 1:02} | Train Loss: {epoch_loss / len(train_data):.3f} | Test Acc: {accuracy(model, test_data):.3f}")
print(f"Final test accuracy {accuracy(model, test_data):.4f}")
