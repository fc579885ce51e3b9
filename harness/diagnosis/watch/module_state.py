"""What modules keep beside their weights: counters, caches, a state from batch to batch."""

import random
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import torch

MAPPINGS = frozenset({dict, OrderedDict, defaultdict, Counter})
SEQUENCES = frozenset({list, deque})
"""Exactly these: a class derived from one of them may do more than store."""


def how_to_restore(module: torch.nn.Module) -> list[Callable[[], None]]:
    """What brings attributes of a module and of its parts back to what they are now.

    Containers get back what they hold, generators and arrays their values; what lies deeper, or in
    objects of other classes, is left alone.
    """
    undo: list[Callable[[], None]] = []
    for child in list(module.modules()):
        held = vars(child)
        undo.append(partial(_refill, held, dict(held)))
        undo += [back for value in _values(child) if (back := _undo(value)) is not None]
    return undo


def _values(module: torch.nn.Module) -> Iterator[Any]:
    """Attributes, and the buffers that no state dict names; weights are kept by who asks."""
    yield from vars(module).values()
    yield from (vars(module).get("_buffers") or {}).values()


def _undo(value: Any) -> Callable[[], None] | None:
    """What brings one value back; ``None`` if it cannot change, or it is not known how."""
    if type(value) in MAPPINGS | SEQUENCES | {set}:
        return partial(_refill, value, value.copy())
    if isinstance(value, torch.Tensor):
        plain = value.layout is torch.strided and not value.is_meta
        return partial(_rewrite, value, value.detach().clone()) if plain else None
    if isinstance(value, np.ndarray):
        return partial(np.copyto, value, value.copy()) if value.flags.writeable else None
    if isinstance(value, torch.Generator):
        return partial(_set_state, value, value.get_state())
    if isinstance(value, np.random.Generator):
        return partial(setattr, value.bit_generator, "state", value.bit_generator.state)
    if isinstance(value, np.random.RandomState):
        return partial(value.set_state, value.get_state())
    return partial(value.setstate, value.getstate()) if isinstance(value, random.Random) else None


def _set_state(generator: torch.Generator, before: torch.Tensor) -> None:
    generator.set_state(before)


def _refill(held: Any, before: Any) -> None:
    held.clear()
    held.extend(before) if type(held) in SEQUENCES else held.update(before)


@torch.no_grad()
def _rewrite(tensor: torch.Tensor, before: torch.Tensor) -> None:
    """Write back what changed only: a graph that waits for its gradient forbids writing."""
    if not torch.equal(tensor, before):
        tensor.copy_(before)
