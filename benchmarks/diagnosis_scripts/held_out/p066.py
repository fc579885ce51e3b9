import torch
import torch.nn as nn
import torch.optim as optim

torch.manual_seed(4)


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(12, 8)
        self.lstm = nn.LSTM(8, 32, batch_first=True)

    def forward(self, tokens):
        _, (h, c) = self.lstm(self.embedding(tokens))
        return h.squeeze(0)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Encoder()
        self.classifier = nn.Linear(32, 12)

    def forward(self, tokens):
        return self.classifier(self.encoder(tokens))


# recall the token which stands in front of the marker (token 0)
def batch(n):
    tokens = torch.randint(1, 12, (n, 10))
    pos = torch.randint(1, 10, (n,))
    tokens[torch.arange(n), pos] = 0
    return tokens, tokens[torch.arange(n), pos - 1]


model = Model()
optimizer = optim.RMSprop(model.classifier.parameters(), lr=2e-3)
criterion = nn.CrossEntropyLoss()
x_test, y_test = batch(500)
for step in range(1, 1201):
    tokens, target = batch(64)
    optimizer.zero_grad()
    loss = criterion(model(tokens), target)
    loss.backward()
    optimizer.step()
    if step % 200 == 0:
        with torch.no_grad():
            acc = (model(x_test).argmax(-1) == y_test).float().mean().item()
        print(f"step {step} loss {loss.item():.3f} acc {acc:.3f}")
