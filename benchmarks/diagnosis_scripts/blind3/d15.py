# Named entity-like tagging, BiLSTM, fixed length 12
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

NUM_EPOCHS = 2
BATCH = 32
LR = 1e-3
torch.manual_seed(13)

n_words, n_tags, L = 120, 6, 12
word_tag = torch.randint(0, n_tags, (n_words,))


def sentences(n):
    w = torch.randint(0, n_words, (n, L))
    tags = word_tag[w].clone()
    # words 0..19 hand their tag on to the word that follows
    trigger = w[:, :-1] < 20
    tags[:, 1:][trigger] = (tags[:, 1:][trigger] + 1) % n_tags
    return w, tags


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.word = nn.Embedding(n_words, 32)
        self.bilstm = nn.LSTM(32, 32, bidirectional=True, batch_first=True)
        self.tag = nn.Linear(64, n_tags)

    def forward(self, w):
        return self.tag(self.bilstm(self.word(w))[0])


w, t = sentences(900)
vw, vt = sentences(200)
loader = DataLoader(TensorDataset(w, t), batch_size=BATCH, shuffle=True)
model = Tagger()
optimizer = torch.optim.Adam(model.parameters(), lr=LR)
loss_fn = nn.CrossEntropyLoss()

for epoch in range(NUM_EPOCHS):
    model.train()
    for step, (bw, bt) in enumerate(loader):
        optimizer.zero_grad()
        loss = loss_fn(model(bw).reshape(-1, n_tags), bt.reshape(-1))
        loss.backward()
        optimizer.step()
        if step % 10 == 0:
            print(f"epoch {epoch} step {step} loss {loss.item():.4f}")
    model.eval()
    with torch.no_grad():
        acc = (model(vw).argmax(-1) == vt).float().mean().item()
    print(f"epoch {epoch} validation token accuracy {acc:.4f}")
