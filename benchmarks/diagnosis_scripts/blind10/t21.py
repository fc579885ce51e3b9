"""Crop yield (relative to the county's mean) from six weather figures, one record a year and field."""
import torch
from torch import nn


def records(n, gen):
    x = torch.randn(n, 6, generator=gen)
    rain, warmth = x[:, 0:1], x[:, 1:2]
    y = 0.7 * rain - 0.4 * warmth + 0.3 * x[:, 2:3] + 1.0 * torch.randn(n, 1, generator=gen)
    return x, y


class Regressor(nn.Module):
    def __init__(self, n_in=6, width=512, depth=3):
        super().__init__()
        layers, d = [], n_in
        for _ in range(depth):
            layers += [nn.Linear(d, width), nn.ReLU()]
            d = width
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(d, 1)

    def forward(self, x):
        return self.head(self.body(x))


def evaluate(model, x, y):
    model.eval()
    with torch.no_grad():
        return nn.functional.mse_loss(model(x), y).item()


def train(model, x, y, x_val, y_val, epochs=60, lr=1e-3, batch_size=20):
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    for epoch in range(1, epochs + 1):
        model.train()
        for idx in torch.randperm(len(x)).split(batch_size):
            loss = nn.functional.mse_loss(model(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
        if epoch % 10 == 0:
            print(f"{epoch:3d} train {evaluate(model, x, y):.4f} val {evaluate(model, x_val, y_val):.4f}")
    return evaluate(model, x_val, y_val)


if __name__ == "__main__":
    torch.manual_seed(7)
    gen = torch.Generator()
    gen.manual_seed(70)
    x, y = records(60, gen)
    x_val, y_val = records(400, gen)
    net = Regressor()
    print("variance of the target:", round(y_val.var().item(), 4))
    print("validation mse: %.4f" % train(net, x, y, x_val, y_val))
