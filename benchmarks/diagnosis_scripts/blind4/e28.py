"""Wine quality style classifier, PyTorch. Batch norm at the door instead of a scaler."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(55)
CLASSES, FEATURES = 4, 10


def make_wines(n, centres, scales, offsets):
    y = torch.randint(0, CLASSES, (n,))
    x = centres[y] + torch.randn(n, FEATURES)
    return x * scales + offsets, y


centres = 1.1 * torch.randn(CLASSES, FEATURES)
scales = 10 ** torch.empty(FEATURES).uniform_(-1, 2)
offsets = scales * torch.empty(FEATURES).uniform_(-15, 15)
x_train, y_train = make_wines(640, centres, scales, offsets)
x_val, y_val = make_wines(400, centres, scales, offsets)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.bn0 = nn.BatchNorm1d(FEATURES)
        self.fc1 = nn.Linear(FEATURES, 64)
        self.bn1 = nn.BatchNorm1d(64)
        self.fc2 = nn.Linear(64, CLASSES)
        self.drop = nn.Dropout(0.2)

    def forward(self, x):
        x = F.relu(self.bn1(self.fc1(self.bn0(x))))
        return self.fc2(self.drop(x))


def validate(net):
    net.eval()
    with torch.no_grad():
        out = net(x_val)
        return F.cross_entropy(out, y_val).item(), (out.argmax(1) == y_val).float().mean().item()


net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=0.003, weight_decay=1e-4)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=10, gamma=0.3)
print("before training: loss %.3f acc %.3f" % validate(net))
for epoch in range(25):
    order = torch.randperm(len(x_train))
    for i in range(0, len(order), 64):
        b = order[i:i + 64]
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x_train[b]), y_train[b])
        loss.backward()
        optimizer.step()
    scheduler.step()
    val_loss, val_acc = validate(net)
    if epoch % 3 == 0:
        print("epoch %2d: train loss %.3f  val loss %.3f  val acc %.3f" % (epoch, loss.item(), val_loss, val_acc))
print("val acc", val_acc)
