"""Intent of a query: embedding, LSTM, warm-up, several batches a step."""

import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR

SEED = 0
INTENTS = 4
LENGTH = 10
HIDDEN = 32
ACCUMULATE = 2
WARM_UP = 30
CLIP = 1.0
RATE = 5e-3
BATCH = 20
EPOCHS = 12
FIXED_EMBEDDING = True
PARTS = "all"

torch.manual_seed(SEED)


def queries(n):
    y = torch.randint(0, INTENTS, (n,))
    x = torch.randint(2 * INTENTS, 40, (n, LENGTH))
    x[torch.arange(n), torch.randint(0, LENGTH, (n,))] = 2 * y + torch.randint(0, 2, (n,))
    return x, y


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(40, 24)
        self.rnn = nn.LSTM(24, HIDDEN, batch_first=True)
        self.head = nn.Linear(HIDDEN, INTENTS)

    def forward(self, x):
        return self.head(self.rnn(self.embedding(x))[0][:, -1])


net = Net()
net.embedding.weight.requires_grad = not FIXED_EMBEDDING
part = net if PARTS == "all" else net.head
optimizer = torch.optim.AdamW([p for p in part.parameters() if p.requires_grad], lr=RATE)
schedule = LambdaLR(optimizer, lambda step: min(1.0, (step + 1) / (WARM_UP + 1)))
x, y = queries(1600)
for epoch in range(EPOCHS):
    for k, i in enumerate(torch.randperm(1600).split(BATCH), start=1):
        loss = nn.functional.cross_entropy(net(x[i]), y[i]) / ACCUMULATE
        loss.backward()
        if k % ACCUMULATE == 0:
            nn.utils.clip_grad_norm_(net.parameters(), CLIP)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
    print(epoch, ACCUMULATE * loss.item())
x, y = queries(500)
with torch.no_grad():
    print("accuracy", (net(x).argmax(1) == y).float().mean().item())
