"""Training loops as people write them, each with one mistake that its scenario switches on."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

RECORDS, STEPS, BATCH = 160, 8, 20


class Reader(nn.Module):
    """An LSTM, normalisation of its input if wanted, and a head on the last step."""

    def __init__(self, outputs: int, *, normalised: bool = False) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(1) if normalised else nn.Identity()
        self.lstm = nn.LSTM(1, 16, batch_first=True)
        self.head = nn.Linear(16, outputs)

    def forward(self, x: Tensor, state: Any = None) -> tuple[Tensor, Any]:
        """Map `[batch, steps, 1]` to `[batch, outputs]`, and hand the state on."""
        x = self.norm(x.transpose(1, 2)).transpose(1, 2)
        hidden, state = self.lstm(x, state)
        return self.head(hidden[:, -1]), state


def signs(records: int = RECORDS) -> tuple[Tensor, Tensor]:
    """Values from N(0, 1), and the sign of their mean."""
    x = torch.randn(records, STEPS, 1)
    return x, (x.mean((1, 2)) > 0).long()


def means(records: int = RECORDS) -> tuple[Tensor, Tensor]:
    """Values from N(0, 1), and their mean, scaled to unit variance."""
    x = torch.randn(records, STEPS, 1)
    return x, x.mean((1, 2)) * STEPS**0.5


def batches(records: int) -> tuple[Tensor, ...]:
    """Return the records of each batch, in a new order."""
    return torch.randperm(records).split(BATCH)


def gradients(seed: int, *, zeroed: bool, rate: float = 1.0) -> Iterator[dict[str, float]]:
    """Plain SGD; without zeroing, every update repeats all those before it."""
    torch.manual_seed(seed)
    x, y = signs()
    model = Reader(2)
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    while True:
        for rows in batches(len(x)):
            if zeroed:
                optimizer.zero_grad()
            functional.cross_entropy(model(x[rows])[0], y[rows]).backward()
            optimizer.step()
        with torch.no_grad():
            yield {"loss": functional.cross_entropy(model(x)[0], y).item()}


def state(seed: int, *, carried: bool) -> Iterator[dict[str, float]]:
    """Each batch may begin in the state that the batch before it, of other records, left."""
    torch.manual_seed(seed)
    x, _ = signs()
    y = (x[:, 0, 0] > 0).long()  # a state that is new each time marks the first value
    model, before = Reader(2), None
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-2)
    while True:
        for rows in batches(len(x)):
            optimizer.zero_grad()
            outputs, after = model(x[rows], before)
            functional.cross_entropy(outputs, y[rows]).backward()
            optimizer.step()
            before = tuple(each.detach() for each in after) if carried else None
        with torch.no_grad():
            yield {"loss": functional.cross_entropy(model(x)[0], y).item()}


def graph(seed: int, *, cut: bool) -> Iterator[dict[str, float]]:
    """A tensor made anew of another's numbers knows nothing of where they came from."""
    torch.manual_seed(seed)
    x, _ = signs()
    y = (x[:, 0, 0] > 0).long()
    model = Reader(2)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-2)

    def answers(rows: Tensor) -> Tensor:
        last = model.lstm(rows)[0][:, -1]
        outputs: Tensor = model.head(torch.tensor(last.tolist()) if cut else last)
        return outputs

    while True:
        for rows in batches(len(x)):
            optimizer.zero_grad()
            functional.cross_entropy(answers(x[rows]), y[rows]).backward()
            optimizer.step()
        with torch.no_grad():
            yield {"loss": functional.cross_entropy(answers(x), y).item()}


def shapes(seed: int, *, squeezed: bool) -> Iterator[dict[str, float]]:
    """A regression: outputs are `[batch, 1]`, targets `[batch]`."""
    torch.manual_seed(seed)
    x, y = means()
    model = Reader(1)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-2)
    while True:
        for rows in batches(len(x)):
            optimizer.zero_grad()
            outputs = model(x[rows])[0]
            difference = (outputs.squeeze(1) if squeezed else outputs) - y[rows]
            (difference**2).mean().backward()
            optimizer.step()
        with torch.no_grad():
            error = (model(x)[0].squeeze(1) - y).square().mean()
            yield {"r2": 1 - (error / y.var()).item()}


def modes(seed: int, *, back: bool) -> Iterator[dict[str, float]]:
    """Batch normalisation learns what to subtract in training mode only."""
    torch.manual_seed(seed)
    x, y = signs()
    x = x + 50
    model = Reader(2, normalised=True)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    while True:
        model.eval()
        with torch.no_grad():
            yield {"loss": functional.cross_entropy(model(x)[0], y).item()}
        if back:
            model.train()
        for rows in batches(len(x)):
            optimizer.zero_grad()
            functional.cross_entropy(model(x[rows])[0], y[rows]).backward()
            optimizer.step()


def missing(seed: int, *, dropped: bool) -> Iterator[dict[str, float]]:
    """One record has a value that is not a number."""
    torch.manual_seed(seed)
    x, y = signs()
    x[seed % RECORDS, 3] = float("nan")
    if dropped:
        whole = torch.isfinite(x).all((1, 2))
        x, y = x[whole], y[whole]
    model = Reader(2)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-2)
    while True:
        for rows in batches(len(x)):
            optimizer.zero_grad()
            functional.cross_entropy(model(x[rows])[0], y[rows]).backward()
            optimizer.step()
        with torch.no_grad():
            yield {"loss": functional.cross_entropy(model(x)[0], y).item()}


def one_unit(seed: int, *, loss: str, metric: str = "right") -> Iterator[dict[str, float]]:
    """Two classes, one unit: cross entropy over one class is 0; accuracy needs equal shapes."""
    torch.manual_seed(seed)
    x, y = signs()
    model = Reader(1)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-2)
    fit = (
        functional.cross_entropy
        if loss == "cross_entropy"
        else functional.binary_cross_entropy_with_logits
    )
    while True:
        for rows in batches(len(x)):
            optimizer.zero_grad()
            fit(model(x[rows])[0], y[rows].float().unsqueeze(1)).backward()
            optimizer.step()
        with torch.no_grad():
            decided = (model(x)[0] > 0).long()
            decided = decided.squeeze(1) if metric == "right" else decided
            yield {"accuracy": (decided == y).float().mean().item()}
