"""The state of a stack's layers that goes from batch to batch, cut from its history."""

from collections.abc import Callable

from torch import Tensor

States = list[Tensor | tuple[Tensor, ...]]
"""Of each module of a stack, as it takes and returns them: `[layers, batch, values]`."""


class Carried:
    """What the batch before left; nothing after a reset: layers then start from zero.

    Record ``n`` of a batch goes on where record ``n`` of the batch before ended. A smaller batch,
    the last one, takes the first of them.
    """

    def __init__(self, reset_every: int) -> None:
        self.states: States | None = None
        self.reset_every, self.batches = reset_every, 0

    def reset(self) -> None:
        """Let the next batch start from zero."""
        self.states, self.batches = None, 0

    def next_batch(self) -> None:
        """Count a batch that begins, and reset before it where that is declared."""
        if self.reset_every and self.batches == self.reset_every:
            self.reset()
        self.batches += 1

    def start(self, records: int) -> States | None:
        """Return where a batch of so many records starts; ``None``: at zero."""
        if self.states is None:
            return None
        return [_each(state, lambda values: values[:, :records]) for state in self.states]

    def keep(self, ends: States) -> None:
        """Keep where a batch ended; no gradient goes back into it."""
        self.states = [_each(state, Tensor.detach) for state in ends]


def _each(
    state: Tensor | tuple[Tensor, ...], change: Callable[[Tensor], Tensor]
) -> Tensor | tuple[Tensor, ...]:
    return change(state) if isinstance(state, Tensor) else tuple(map(change, state))
