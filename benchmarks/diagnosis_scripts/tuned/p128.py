import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.optim.lr_scheduler import StepLR


class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, 1)
        self.conv2 = nn.Conv2d(8, 16, 3, 1)
        self.dropout1 = nn.Dropout(0.25)
        self.dropout2 = nn.Dropout(0.5)
        self.fc1 = nn.Linear(16 * 16, 64)
        self.fc2 = nn.Linear(64, 6)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = self.dropout1(torch.flatten(x, 1))
        x = self.dropout2(F.relu(self.fc1(x)))
        return F.log_softmax(self.fc2(x), dim=1)


def train(model, x, y, optimizer, epoch):
    model.train()
    for b, idx in enumerate(torch.randperm(len(x)).split(64)):
        optimizer.zero_grad()
        loss = F.nll_loss(model(x[idx]), y[idx])
        loss.backward()
        optimizer.step()
    print("Train Epoch: {} Loss: {:.6f}".format(epoch, loss.item()))


def test(model, x, y):
    model.eval()
    with torch.no_grad():
        output = model(x)
    print("Test set: loss {:.4f}, Accuracy {:.4f}".format(
        F.nll_loss(output, y).item(), (output.argmax(1) == y).float().mean().item()))


torch.manual_seed(1)
glyphs = (torch.rand(6, 1, 12, 12) > 0.6).float()
labels = torch.randint(0, 6, (1500,))
images = glyphs[labels] * 0.8 + 0.5 * torch.randn(1500, 1, 12, 12)
model = Net()
optimizer = optim.Adadelta(model.parameters(), lr=1.0)
scheduler = StepLR(optimizer, step_size=1, gamma=0.7)
for epoch in range(1, 7):
    train(model, images[:1200], labels[:1200], optimizer, epoch)
    test(model, images[1200:], labels[1200:])
    scheduler.step()
