import torch
import torch.nn as nn


class Trainer:
    def __init__(self, model, lr, batch_size):
        self.model = model
        self.optimizer = torch.optim.Adam(model.parameters(), lr=lr)
        self.loss = nn.CrossEntropyLoss()
        self.batch_size = batch_size

    def epoch(self, x_train, y_train):
        self.model.train()
        total, batches = 0.0, 0
        x_shuf = x_train[torch.randperm(len(x_train))]
        y_shuf = y_train
        for i in range(0, len(x_shuf), self.batch_size):
            xb, yb = x_shuf[i:i + self.batch_size], y_shuf[i:i + self.batch_size]
            self.optimizer.zero_grad()
            loss = self.loss(self.model(xb), yb)
            loss.backward()
            self.optimizer.step()
            total += loss.item()
            batches += 1
        return total / batches

    @torch.no_grad()
    def accuracy(self, x, y):
        self.model.eval()
        return (self.model(x).argmax(dim=1) == y).float().mean().item()


if __name__ == "__main__":
    torch.manual_seed(6)
    centres = torch.randn(4, 16)
    y = torch.randint(0, 4, (1400,))
    x = centres[y] + 0.8 * torch.randn(1400, 16)
    net = nn.Sequential(nn.Linear(16, 64), nn.ReLU(), nn.Dropout(0.1), nn.Linear(64, 4))
    trainer = Trainer(net, lr=1e-3, batch_size=40)
    for e in range(20):
        loss = trainer.epoch(x[:1000], y[:1000])
        print(f"{e:02d} | {loss:.4f} | ACC {trainer.accuracy(x[1000:], y[1000:]):.3f}")
