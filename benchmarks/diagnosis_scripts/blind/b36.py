import torch
import torch.nn as nn

torch.manual_seed(50)
VOCAB, TAGS, LEN = 60, 5, 14
dictionary = torch.randint(TAGS, (VOCAB,))


def sentences(n):
    words = torch.randint(1, VOCAB, (n, LEN))
    tags = dictionary[words]
    # a word after word number 7, 8 or 9 takes the tag 0
    special = (words[:, :-1] >= 7) & (words[:, :-1] <= 9)
    tags[:, 1:][special] = 0
    pad = torch.zeros(n, 1, dtype=torch.long)
    words = torch.cat([pad, words], dim=1)
    tags = torch.cat([tags, pad], dim=1)
    return words, tags


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(VOCAB, 20, padding_idx=0)
        self.lstm = nn.LSTM(20, 40, batch_first=True)
        self.tag = nn.Linear(40, TAGS)

    def forward(self, w):
        return self.tag(self.lstm(self.emb(w))[0])


words, tags = sentences(1200)
test_words, test_tags = sentences(300)
model = Tagger()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
criterion = nn.CrossEntropyLoss()
for epoch in range(12):
    for rows in torch.randperm(len(words)).split(40):
        model.zero_grad()
        scores = model(words[rows])
        loss = criterion(scores.view(-1, TAGS), tags[rows].view(-1))
        loss.backward()
        optimizer.step()
    print(f"epoch {epoch} loss {loss.item():.3f}")
with torch.no_grad():
    print("tag accuracy", (model(test_words).argmax(2) == test_tags).float().mean().item())
