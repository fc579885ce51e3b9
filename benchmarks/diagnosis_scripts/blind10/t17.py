"""Pretrain an LSTM autoencoder on unlabelled curves, then freeze its encoder and train a small head."""
import torch
from torch import nn

torch.manual_seed(33)


def curves(n):
    t = torch.linspace(0, 1, 24)
    kind = torch.randint(3, (n,))
    slope, freq = torch.randn(n, 1) * 0.3, 1 + torch.rand(n, 1)
    base = torch.stack([torch.sin(6.28 * freq * t), torch.exp(-4 * t).expand(n, -1) * 2 - 1, 2 * t.expand(n, -1) - 1])
    x = base[kind, torch.arange(n)] + slope + 0.1 * torch.randn(n, 24)
    return x.unsqueeze(-1), kind


class Encoder(nn.Module):
    def __init__(self, dim=24):
        super().__init__()
        self.lstm = nn.LSTM(1, dim, batch_first=True)

    def forward(self, x):
        return self.lstm(x)[1][0][-1]


class Decoder(nn.Module):
    def __init__(self, dim=24, steps=24):
        super().__init__()
        self.steps = steps
        self.net = nn.Sequential(nn.Linear(dim, 48), nn.ReLU(), nn.Linear(48, steps))

    def forward(self, z):
        return self.net(z).unsqueeze(-1)


def pretrain(encoder, x, epochs=12):
    decoder = Decoder()
    opt = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=4e-3)
    for epoch in range(epochs):
        total = 0.0
        for idx in torch.randperm(len(x)).split(50):
            opt.zero_grad()
            loss = nn.functional.mse_loss(decoder(encoder(x[idx])), x[idx])
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        print("pretrain", epoch, "reconstruction %.4f" % (total / len(x)))


def main():
    unlabelled, _ = curves(1500)
    x, y = curves(240)
    xt, yt = curves(500)
    encoder = Encoder()
    pretrain(encoder, unlabelled)

    for p in encoder.parameters():
        p.requires_grad = False
    encoder.eval()
    head = nn.Linear(24, 3)
    opt = torch.optim.Adam(filter(lambda p: p.requires_grad, [*encoder.parameters(), *head.parameters()]), lr=2e-2)
    for epoch in range(30):
        for idx in torch.randperm(len(x)).split(24):
            opt.zero_grad()
            loss = nn.functional.cross_entropy(head(encoder(x[idx])), y[idx])
            loss.backward()
            opt.step()
        if epoch % 5 == 4:
            with torch.no_grad():
                acc = (head(encoder(xt)).argmax(1) == yt).float().mean().item()
            print("head", epoch, "loss %.4f" % loss.item(), "test acc %.4f" % acc)


if __name__ == "__main__":
    main()
