# language identification on short snippets; the corpus is read language by language
import random
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

random.seed(30)
torch.manual_seed(30)

SYLL = {
    "fin": ["kää", "tuo", "lla", "ssa", "nen", "ii"],
    "ita": ["tto", "lla", "che", "gli", "re", "ii"],
    "ger": ["sch", "ung", "ein", "ck", "nen", "re"],
    "pol": ["szcz", "rze", "nia", "ck", "che", "ie"],
    "jap": ["tsu", "ka", "mi", "re", "tuo", "ie"],
}
LANGS = list(SYLL)
ABC = {c: i + 1 for i, c in enumerate(sorted({c for v in SYLL.values() for s in v for c in s} | {" "}))}


class Snippets(Dataset):
    def __init__(self, per_language):
        self.items = []
        for k, lang in enumerate(LANGS):
            for _ in range(per_language):
                words = ["".join(random.choices(SYLL[lang], k=random.randint(1, 3))) for _ in range(5)]
                ids = [ABC[c] for c in " ".join(words)][:20]
                self.items.append((torch.tensor(ids + [0] * (20 - len(ids))), k))

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i]


class LangID(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(len(ABC) + 1, 12, padding_idx=0)
        self.lstm = nn.LSTM(12, 32, batch_first=True, bidirectional=True)
        self.cls = nn.Linear(64, len(LANGS))

    def forward(self, x):
        h, _ = self.lstm(self.embed(x))
        return self.cls(h.max(dim=1).values)


train_loader = DataLoader(Snippets(400), batch_size=25)
test_loader = DataLoader(Snippets(60), batch_size=100)
model = LangID()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
criterion = nn.CrossEntropyLoss()

for epoch in range(5):
    model.train()
    running = 0.0
    for x, y in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        running += loss.item()
    model.eval()
    correct = total = 0
    with torch.no_grad():
        for x, y in test_loader:
            correct += (model(x).argmax(1) == y).sum().item()
            total += len(y)
    print(f"Epoch {epoch + 1}: train loss {running / len(train_loader):.3f}, test acc {correct / total:.3f}")
