"""Networks that a declaration has no word for, each with one mistake that its scenario names."""

from torch import Tensor, nn

LAST = {
    "linear": nn.Identity(),
    "softmax": nn.Softmax(dim=-1),
    "tanh": nn.Tanh(),
}


class Ending(nn.Module):
    """An LSTM and a head, with a function on its output."""

    def __init__(self, features: int, outputs: int, last: str = "linear") -> None:
        super().__init__()
        self.lstm = nn.LSTM(features, 12, batch_first=True)
        self.head = nn.Linear(12, outputs)
        self.last = LAST[last]

    def forward(self, x: Tensor) -> Tensor:
        """Map `[batch, timesteps, features]` to `[batch, outputs]`."""
        outputs: Tensor = self.last(self.head(self.lstm(x)[0][:, -1]))
        return outputs


class Stack(nn.Module):
    """Two LSTMs, which may be frozen as they were drawn, and a head."""

    def __init__(self, features: int, outputs: int, *, frozen: bool = False) -> None:
        super().__init__()
        self.first = nn.LSTM(features, 12, batch_first=True)
        self.second = nn.LSTM(12, 12, batch_first=True)
        self.head = nn.Linear(12, outputs)
        if frozen:
            self.first.requires_grad_(requires_grad=False)
            self.second.requires_grad_(requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        """Map `[batch, timesteps, features]` to `[batch, outputs]`."""
        hidden = self.second(self.first(x)[0])[0][:, -1]
        outputs: Tensor = self.head(hidden)
        return outputs


class Squashed(nn.Module):
    """An LSTM, a hidden layer of tanh over a temperature, normalised if wanted, and a head."""

    def __init__(
        self, features: int, outputs: int, temperature: float = 1.0, *, normalised: bool = False
    ) -> None:
        super().__init__()
        self.temperature = temperature
        self.lstm = nn.LSTM(features, 12, batch_first=True)
        self.hidden = nn.Linear(12, 12)
        self.norm = nn.LayerNorm(12) if normalised else nn.Identity()
        self.head = nn.Linear(12, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Map `[batch, timesteps, features]` to `[batch, outputs]`."""
        hidden = self.hidden(self.lstm(x)[0][:, -1]) / self.temperature
        outputs: Tensor = self.head(self.norm(hidden).tanh())
        return outputs
