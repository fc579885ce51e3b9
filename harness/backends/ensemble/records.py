"""The records of many seeds `[timesteps, seeds, features, records]`, and their dropout masks."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


class Records:
    """Inputs `[timesteps, seeds, features, records]` and targets `[seeds, records]`.

    With targets at each step those are `[seeds, records, timesteps]`; ``vectors`` have an axis of
    several values or labels behind.
    """

    def __init__(self, x: Tensor, y: Tensor, *, vectors: bool = False) -> None:
        self.x, self.y, self.vectors = x, y, vectors

    @classmethod
    def stack(
        cls,
        x: Sequence[NDArray[np.float64]],
        y: Sequence[NDArray[np.generic]],
        like: Tensor,
        *,
        vectors: bool,
    ) -> "Records":
        """Stack the seeds' inputs and targets, laid out as in a `Dataset`; dtype of ``like``."""
        inputs = torch.from_numpy(np.stack(x).transpose(2, 0, 3, 1).copy())
        targets = torch.from_numpy(np.stack(y)).to(like.device)
        if targets.dtype != torch.int64:
            targets = targets.to(like.dtype)
        return cls(inputs.to(like.dtype).to(like.device), targets, vectors=vectors)

    def keep(self, rows: Tensor) -> "Records":
        """Return the records of the seeds with these row numbers."""
        return Records(self.x[:, rows], self.y[rows], vectors=self.vectors)

    def ordered(self, order: NDArray[np.int64]) -> "Records":
        """Return each seed's records in its own order `[seeds, records]`."""
        index = torch.from_numpy(order).to(self.y.device)
        steps = index.reshape(*index.shape, *[1] * (self.y.dim() - 2)).expand_as(self.y)
        x, y = self.x.gather(3, index[:, None].expand_as(self.x)), self.y.gather(1, steps)
        return Records(x, y, vectors=self.vectors)

    @property
    def targets(self) -> Tensor:
        """One after another `[seeds, records]`, or `[seeds, records * timesteps]`.

        Vectors are laid out as outputs are: `[seeds, values, records * timesteps]`.
        """
        return self._flat(self.y)

    def split(self, size: int) -> list[tuple[Tensor, Tensor]]:
        """Return (inputs, targets) of ``size`` records at a time; the last may be smaller."""
        targets = (self._flat(part) for part in torch.split(self.y, size, 1))
        return list(zip(torch.split(self.x, size, 3), targets, strict=True))

    def _flat(self, y: Tensor) -> Tensor:
        return y.flatten(1, -2).transpose(1, 2).contiguous() if self.vectors else y.flatten(1)


class Dropout:
    """Masks from one generator per seed, so that the other seeds of the batch change nothing."""

    def __init__(
        self, seeds: Sequence[int], rates: Sequence[float], units: Sequence[int], like: Tensor
    ) -> None:
        self.units = units
        self.rates = like.new_tensor(rates).unsqueeze(1)
        self.generators = [torch.Generator(like.device).manual_seed(seed) for seed in seeds]

    def keep(self, rows: list[int]) -> None:
        """Forget all seeds but those with these row numbers."""
        self.rates = self.rates[rows]
        self.generators = [self.generators[row] for row in rows]

    def masks(self, timesteps: int, batch: int) -> list[Tensor]:
        """Draw the factors `[timesteps, seeds, units, batch]` of each layer's outputs."""
        sizes = [timesteps * units * batch for units in self.units]
        noise = self.rates.new_empty(len(self.generators), sum(sizes))
        for row, generator in zip(noise, self.generators, strict=True):
            row.uniform_(generator=generator)
        factors = (noise >= self.rates) / (1 - self.rates)
        return [
            part.reshape(len(part), timesteps, -1, batch).transpose(0, 1)
            for part in torch.split(factors, sizes, 1)
        ]
