"""What public reports of training that fails were about, with made-up records."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

Arrays = tuple[NDArray[Any], ...]


def one_unit(seed: int, *, last: str) -> Iterator[dict[str, float]]:
    """One unit for two classes, and a softmax or a sigmoid on it."""
    torch.manual_seed(seed)
    x = torch.randn(160, 8, 1)
    y = (x.mean((1, 2)) > 0).float().unsqueeze(1)
    lstm, head = nn.LSTM(1, 12, batch_first=True), nn.Linear(12, 1)
    function = nn.Softmax(dim=1) if last == "softmax" else nn.Sigmoid()
    model = nn.Sequential(head, function)
    optimizer = torch.optim.Adam([*lstm.parameters(), *head.parameters()], lr=1e-2)
    while True:
        for rows in torch.randperm(len(x)).split(20):
            optimizer.zero_grad()
            functional.binary_cross_entropy(model(lstm(x[rows])[0][:, -1]), y[rows]).backward()
            optimizer.step()
        with torch.no_grad():
            decided = model(lstm(x)[0][:, -1]) > 0.5
            yield {"accuracy": (decided == (y > 0.5)).float().mean().item()}


class Softmaxed(nn.Module):
    """A regression whose output passes a softmax, or nothing."""

    def __init__(self, features: int, outputs: int, last: str = "softmax") -> None:
        super().__init__()
        self.last = nn.Softmax(dim=-1) if last == "softmax" else nn.Identity()
        self.lstm = nn.LSTM(features, 16, batch_first=True)
        self.head = nn.Linear(16, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Map `[batch, timesteps, features]` to `[batch, outputs]`."""
        outputs: Tensor = self.last(self.head(self.lstm(x)[0][:, -1]))
        return outputs


class Cells(nn.Module):
    """An LSTM whose outputs are the predictions: they lie between -1 and 1."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.first = nn.LSTM(features, 16, batch_first=True)
        self.last = nn.LSTM(16, outputs, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        """Map `[batch, timesteps, features]` to `[batch, outputs]`."""
        outputs: Tensor = self.last(self.first(x)[0])[0][:, -1]
        return outputs


class Attention(nn.Module):
    """Weighs the steps of a record that are not padding: an empty record has none."""

    def __init__(self, *, filled: bool) -> None:
        super().__init__()
        self.lstm = nn.LSTM(1, 12, batch_first=True)
        self.weigh = nn.Linear(12, 1)
        self.bias = nn.Parameter(torch.zeros(12))
        self.head = nn.Linear(12, 2)
        if not filled:  # as torch.Tensor(12) may be: whatever the memory held
            self.bias.data[3] = torch.nan

    def forward(self, x: Tensor) -> Tensor:
        """Map `[batch, timesteps, 1]` to `[batch, 2]`."""
        hidden = self.lstm(x)[0] + self.bias
        weights = self.weigh(torch.tanh(hidden)).masked_fill(x[:, :, :1] == 0, -torch.inf)
        outputs: Tensor = self.head((weights.softmax(1) * hidden).sum(1))
        return outputs


def attention(seed: int, *, empty: bool = False, filled: bool = True) -> Iterator[dict[str, float]]:
    """Records of one to eight values behind padding; one may have none at all."""
    torch.manual_seed(seed)
    x = torch.randn(200, 8, 1)
    begins = torch.randint(0, 8, (200, 1))
    x[torch.arange(8) < begins] = 0
    y = (x.sum((1, 2)) > 0).long()
    if empty:
        x[17] = 0
    model = Attention(filled=filled)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    while True:
        for rows in torch.arange(len(x)).split(25):
            optimizer.zero_grad()
            functional.cross_entropy(model(x[rows]), y[rows]).backward()
            optimizer.step()
        with torch.no_grad():
            outputs = model(x)
            loss = functional.cross_entropy(outputs, y)
            yield {"loss": loss.item()}


def delayed(seed: int, *, window: int) -> Arrays:
    """What came two steps before, for a network that sees a number of steps."""
    rng = np.random.default_rng([seed, 0])
    series = 5 + 3 * rng.normal(size=400)
    at = rng.permutation(np.arange(2, 400))
    x = np.stack([series[at - k] for k in reversed(range(window))], 1)[:, :, None]
    y = series[at - 2]
    return x[:250], y[:250], x[250:], y[250:]
