"""Homework 3: recognise which of 8 melodies is played (sequence of pitches)."""
import torch
import torch.nn as nn

torch.manual_seed(123)
HIDDEN_SIZE = 1
NUM_CLASSES = 8
melodies = torch.randn(NUM_CLASSES, 12, 4)


def get_batch(n):
    y = torch.randint(NUM_CLASSES, (n,))
    return melodies[y] + 0.4 * torch.randn(n, 12, 4), y


class MelodyRNN(nn.Module):
    def __init__(self):
        super(MelodyRNN, self).__init__()
        self.lstm = nn.LSTM(4, HIDDEN_SIZE, batch_first=True)
        self.linear = nn.Linear(HIDDEN_SIZE, NUM_CLASSES)

    def forward(self, x):
        out, (h_n, c_n) = self.lstm(x)
        return self.linear(h_n[-1])


model = MelodyRNN()
print(model)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
X, Y = get_batch(1600)

for epoch in range(30):
    perm = torch.randperm(len(X))
    avg = 0.
    for b in range(0, len(X), 32):
        i = perm[b:b + 32]
        scores = model(X[i])
        loss = criterion(scores, Y[i])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        avg += loss.item() / (len(X) / 32)
    if epoch % 5 == 4:
        print("Epoch %d: loss %.3f" % (epoch + 1, avg))

Xt, Yt = get_batch(800)
print("Test accuracy:", (model(Xt).argmax(1) == Yt).float().mean().item())
