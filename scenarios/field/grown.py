"""A loop that zeroes the gradients of its head only, as a public report's did."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional


class Net(nn.Module):
    """An LSTM and a head."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(1, 12, batch_first=True)
        self.head = nn.Linear(12, 2)

    def forward(self, x: Tensor) -> Tensor:
        """Map `[batch, timesteps, 1]` to `[batch, 2]`."""
        outputs: Tensor = self.head(self.lstm(x)[0][:, -1])
        return outputs


def growing(seed: int, *, zeroed: str) -> Iterator[dict[str, float]]:
    """Train, and measure the norm of the LSTM's weights."""
    torch.manual_seed(seed)
    x = torch.randn(80, 6, 1)
    y = (x.mean((1, 2)) > 0).long()
    model = Net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    while True:
        for rows in torch.randperm(len(x)).split(20):
            (model if zeroed == "all" else model.head).zero_grad()
            functional.cross_entropy(model(x[rows]), y[rows]).backward()
            optimizer.step()
        with torch.no_grad():
            loss = functional.cross_entropy(model(x), y).item()
            weights = torch.cat([p.flatten() for p in model.lstm.parameters()]).norm().item()
        yield {"loss": loss, "weights": weights}
