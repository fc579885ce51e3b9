import string
import random
import torch
import torch.nn as nn

random.seed(12); torch.manual_seed(12)

# Surnames of three made-up languages (after the name classification tutorial)
letters = string.ascii_lowercase
rules = {'Norsk': ['sen', 'dahl', 'vik', 'berg'], 'Itala': ['ini', 'etti', 'ucci', 'oni'], 'Slavo': ['ov', 'ski', 'vic', 'enko']}
names = []
for k, lang in enumerate(rules):
    for _ in range(400):
        stem = ''.join(random.choice(letters) for _ in range(random.randint(2, 5)))
        names.append((stem + random.choice(rules[lang]), k))
random.shuffle(names)
MAXLEN = max(len(n) for n, _ in names)

def encode(name):
    ids = [0] * (MAXLEN - len(name)) + [letters.index(ch) + 1 for ch in name]
    return ids

X = torch.tensor([encode(n) for n, _ in names])
Y = torch.tensor([k for _, k in names])

class NameLSTM(nn.Module):
    def __init__(self, keep_prob=0.9):
        super().__init__()
        self.embed = nn.Embedding(27, 16, padding_idx=0)
        self.drop1 = nn.Dropout(keep_prob)
        self.lstm = nn.LSTM(16, 32, num_layers=2, dropout=keep_prob, batch_first=True)
        self.drop2 = nn.Dropout(keep_prob)
        self.fc = nn.Linear(32, 3)

    def forward(self, x):
        out, _ = self.lstm(self.drop1(self.embed(x)))
        return self.fc(self.drop2(out[:, -1]))

net = NameLSTM()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
lossf = nn.CrossEntropyLoss()
for epoch in range(12):
    net.train()
    perm = torch.randperm(900)
    tot = 0.
    for b in perm.split(30):
        opt.zero_grad()
        l = lossf(net(X[b]), Y[b])
        l.backward(); opt.step()
        tot += l.item()
    net.eval()
    with torch.no_grad():
        tr = (net(X[:900]).argmax(1) == Y[:900]).float().mean().item()
        va = (net(X[900:]).argmax(1) == Y[900:]).float().mean().item()
    print(f'{epoch + 1:>3} loss {tot / 30:.3f} train {tr:.3f} valid {va:.3f}')
