"""Does a batch start from the state in which the last one ended?"""

from typing import Any

import torch

from harness.diagnosis.watch.tensors import all_tensors

RECURRENT = (torch.nn.RNNBase, torch.nn.RNNCellBase)


class HiddenState:
    """Counts batches, and those of them that begin with what the last one put out."""

    def __init__(self) -> None:
        self._starts: dict[int, list[int]] = {}
        self._last: dict[int, tuple[int, list[torch.Tensor]]] = {}

    def carried(self, modules: Any) -> float:
        """Highest share of batches of one of the modules, given by ``id``, that carry state."""
        found = [self._starts[key] for key in self._starts if key in modules]
        return max((carried / max(count - 1, 1) for count, carried in found), default=0.0)

    def begins(self, module: torch.nn.Module, given: list[torch.Tensor], update: int) -> None:
        """A forward pass begins with states, or with none."""
        last = self._last.get(id(module))
        if last is not None and last[0] == update:
            return  # a later step of the same batch
        counts = self._starts.setdefault(id(module), [0, 0])
        counts[0] += 1
        if last is not None:
            counts[1] += any(_same(state, old) for state in given for old in last[1])

    def ends(self, module: torch.nn.Module, output: Any, update: int) -> None:
        """A forward pass ends: its states are remembered."""
        states = output[1] if isinstance(module, torch.nn.RNNBase) else output
        states = [state.detach() for state in all_tensors(states)]
        if isinstance(module, RECURRENT):
            states = states[:1]
        self._last[id(module)] = (update, states)


def _same(state: torch.Tensor, old: torch.Tensor) -> bool:
    state = state.detach()
    return state.shape == old.shape and bool(torch.equal(state, old)) and bool(state.any())
