import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset

# Complaint routing: which of 3 departments gets the ticket?
torch.manual_seed(404)
VOCAB, LENGTH, CLASSES = 300, 15, 3

topic = torch.softmax(torch.randn(CLASSES, VOCAB) * 1.2, dim=1)


def tickets(n):
    label = torch.randint(CLASSES, (n,))
    words = torch.multinomial(topic[label], LENGTH, replacement=True)
    noisy = torch.rand(n) < 0.2
    label = torch.where(noisy, torch.randint(CLASSES, (n,)), label)
    return words, label


x_train, y_train = tickets(600)
x_val, y_val = tickets(600)


class TicketGRU(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCAB, 32)
        self.gru = nn.GRU(32, 48, batch_first=True)
        self.fc = nn.Linear(48, CLASSES)

    def forward(self, x):
        out, _ = self.gru(self.embedding(x))
        return self.fc(out.mean(dim=1))


model = TicketGRU()
criterion = nn.CrossEntropyLoss()
optimizer = optim.Adam(model.parameters(), lr=4e-3)
train_loader = DataLoader(TensorDataset(x_train, y_train), batch_size=40, shuffle=True)

num_epochs = 30
history = {"loss": [], "val_loss": [], "val_acc": []}
for epoch in range(1, num_epochs + 1):
    model.train()
    epoch_loss = 0
    for inputs, labels in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(inputs), labels)
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item()
    model.eval()
    with torch.no_grad():
        logits = model(x_val)
        val_loss = criterion(logits, y_val).item()
        val_acc = (logits.argmax(1) == y_val).float().mean().item()
    history["loss"].append(epoch_loss / len(train_loader))
    history["val_loss"].append(val_loss)
    history["val_acc"].append(val_acc)
    print(f"Epoch {epoch}: loss={history['loss'][-1]:.4f} val_acc={val_acc:.4f} val_loss={val_loss:.4f}")
print("val_loss at the end: %.4f" % history["val_loss"][-1])
