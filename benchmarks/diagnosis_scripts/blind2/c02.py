import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(20)


def weights_init(m):
    if isinstance(m, (nn.Linear, nn.GRU)):
        for name, p in m.named_parameters():
            nn.init.constant_(p, 0.0)


class QueryClassifier(nn.Module):
    def __init__(self, n_words=40, n_intents=5):
        super().__init__()
        self.emb = nn.Embedding(n_words, 20)
        self.gru = nn.GRU(20, 32, batch_first=True)
        self.fc1 = nn.Linear(32, 32)
        self.fc2 = nn.Linear(32, n_intents)

    def forward(self, x):
        _, h = self.gru(self.emb(x))
        return self.fc2(torch.tanh(self.fc1(h[0])))


def queries(n):
    y = torch.randint(0, 5, (n,))
    x = torch.randint(10, 40, (n, 9))
    spot = torch.randint(0, 9, (n,))
    x[torch.arange(n), spot] = y * 2 + torch.randint(0, 2, (n,))
    return x, y


model = QueryClassifier()
model.apply(weights_init)
optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
x, y = queries(2000)
for epoch in range(20):
    loss_sum = 0
    for idx in torch.randperm(len(x)).split(40):
        loss = F.cross_entropy(model(x[idx]), y[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss_sum += loss.item()
    print("epoch", epoch, "loss", round(loss_sum / 50, 4))
xv, yv = queries(500)
print("intent accuracy", (model(xv).argmax(1) == yv).float().mean().item())
