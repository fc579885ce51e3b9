"""News in four sections, bags of words with offsets."""
import random
import sys

import torch
from torch import nn
from torch.utils.data import DataLoader

random.seed(4)
torch.manual_seed(4)
SECTION_WORDS = [list(range(100 + 40 * k, 140 + 40 * k)) for k in range(4)]


def article():
    label = random.randrange(4)
    words = [random.choice(SECTION_WORDS[label]) if random.random() < 0.3 else random.randrange(300) for _ in range(random.randint(8, 40))]
    return label, words


def collate(articles):
    labels = torch.tensor([label for label, _ in articles])
    text = torch.cat([torch.tensor(words) for _, words in articles])
    offsets = torch.tensor([0] + [len(words) for _, words in articles[:-1]]).cumsum(0)
    return labels, text, offsets


class TextClassifier(nn.Module):
    def __init__(self, vocab_size, embed_dim, num_class):
        super().__init__()
        self.embedding = nn.EmbeddingBag(vocab_size, embed_dim, sparse=True)
        self.fc = nn.Linear(embed_dim, num_class)
        for p in (self.embedding.weight, self.fc.weight):
            p.data.uniform_(-0.5, 0.5)
        self.fc.bias.data.zero_()

    def forward(self, text, offsets):
        return self.fc(self.embedding(text, offsets))


train = [article() for _ in range(2500)]
test = [article() for _ in range(500)]
model = TextClassifier(300, 32, 4)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=4.0)
scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.8)
for epoch in range(8):
    correct = 0
    for label, text, offsets in DataLoader(train, batch_size=16, shuffle=True, collate_fn=collate):
        optimizer.zero_grad()
        output = model(text, offsets)
        loss = criterion(output, label)
        loss.backward()
        optimizer.step()
        correct += (output.argmax(1) == label).sum().item()
    scheduler.step()
    print("epoch", epoch, "train accuracy", correct / len(train))
with torch.no_grad():
    label, text, offsets = collate(test)
    print("test accuracy", (model(text, offsets).argmax(1) == label).float().mean().item())
sys.exit(0)
