# Which of four senders wrote it? The header tokens come first, then a long body.
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(4)
BODY, SENDERS, VOCAB = 90, 4, 40


def mails(n):
    who = torch.randint(0, SENDERS, (n,))
    body = torch.randint(12, VOCAB, (n, BODY))
    head = torch.stack([who * 3 + torch.randint(0, 3, (n,)) for _ in range(3)], 1)
    return torch.cat([head, body], 1), who


class SenderRNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(VOCAB, 16)
        self.rnn = nn.RNN(16, 32, batch_first=True)
        self.decoder = nn.Linear(32, SENDERS)

    def forward(self, x):
        out, hidden = self.rnn(self.embed(x))
        summary = out[:, -1]
        return self.decoder(summary)


train_x, train_y = mails(1000)
test_x, test_y = mails(300)
train = DataLoader(TensorDataset(train_x, train_y), batch_size=32, shuffle=True)
model = SenderRNN()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
criterion = nn.CrossEntropyLoss()

for epoch in range(16):
    model.train()
    running_loss = 0.0
    for tokens, sender in train:
        optimizer.zero_grad()
        loss = criterion(model(tokens), sender)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        running_loss += loss.item()
    model.eval()
    with torch.no_grad():
        accuracy = (model(test_x).argmax(1) == test_y).float().mean().item()
    print("epoch %2d   loss %.3f   test accuracy %.3f" % (epoch, running_loss / len(train), accuracy))
