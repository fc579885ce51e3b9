"""Speech commands, toy version: 8 words, 20 frames of 10 filterbank values each."""
import torch
from torch import nn
from torch.utils.data import ConcatDataset, DataLoader, TensorDataset

torch.manual_seed(3)
WORDS = ["yes", "no", "up", "down", "left", "right", "on", "off"]
templates = torch.randn(len(WORDS), 20, 10)


def recordings(word, n):
    k = WORDS.index(word)
    x = 0.8 * templates[k] + torch.randn(n, 20, 10)
    return TensorDataset(x, torch.full((n,), k))


train_set = ConcatDataset([recordings(w, 120) for w in WORDS])
test_set = ConcatDataset([recordings(w, 30) for w in WORDS])
train_loader = DataLoader(train_set, batch_size=32, shuffle=True)
test_loader = DataLoader(test_set, batch_size=60)


class KeywordNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(10, 32, batch_first=True)
        self.classify = nn.Sequential(nn.Dropout(0.2), nn.Linear(32, len(WORDS)))

    def forward(self, frames):
        states, _ = self.gru(frames)
        return self.classify(states.mean(1))


device = torch.device("cpu")
model = KeywordNet().to(device)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
loss_function = nn.CrossEntropyLoss()

for epoch in range(8):
    model.train()
    for i, (frames, word) in enumerate(train_loader):
        frames, word = frames.to(device), word.to(device)
        optimizer.zero_grad()
        loss = loss_function(model(frames), word)
        loss.backward()
        optimizer.step()
    model.eval()
    correct = 0
    with torch.no_grad():
        for frames, word in test_loader:
            correct += (model(frames.to(device)).argmax(1) == word.to(device)).sum().item()
    print(f"epoch {epoch + 1}: train loss {loss.item():.4f}, test accuracy {correct / len(test_set):.4f}")
