"""Faults of a state that goes from batch to batch."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from unittest.mock import patch

import torch
from torch import Tensor
from torch.nn import functional

from harness.backends.torch.carried import Carried, States
from harness.selftest.fault import SYNTHETIC, Fault, Inject

SURFACE = "state between batches"


@contextmanager
def never_reset() -> Iterator[None]:
    """Let a reset do nothing; what a smaller batch did not reach starts from zero."""

    def start(carried: Carried, records: int) -> States | None:
        if carried.states is None:
            return None
        return [_sized(state, records) for state in carried.states]

    with (
        patch.object(Carried, "reset", lambda _: None),
        patch.object(Carried, "start", start),
    ):
        yield


def _sized(state: Tensor | tuple[Tensor, ...], records: int) -> Tensor | tuple[Tensor, ...]:
    if isinstance(state, tuple):
        return tuple(functional.pad(each, (0, 0, 0, records - each.shape[1])) for each in state)
    return functional.pad(state, (0, 0, 0, records - state.shape[1]))


def always_reset() -> AbstractContextManager[object]:
    """Start every batch from zero."""
    return patch.object(Carried, "start", lambda *_: None)


def reset_late() -> AbstractContextManager[object]:
    """Reset a batch after the one that should start from zero."""
    right = Carried.next_batch

    def next_batch(carried: Carried) -> None:
        if carried.reset_every and carried.batches == carried.reset_every + 1:
            carried.states, carried.batches = None, 1
        every, carried.reset_every = carried.reset_every, 0
        right(carried)
        carried.reset_every = every

    return patch.object(Carried, "next_batch", next_batch)


def started_from(change: str) -> Inject:
    """Let batches start from another state than the last one's."""
    right = Carried.start

    def of(state: Tensor | tuple[Tensor, ...]) -> Tensor | tuple[Tensor, ...]:
        tensors = (state,) if isinstance(state, Tensor) else state
        match change:
            case "rolled":
                tensors = tuple(each.roll(1, 1) for each in tensors)
            case "hidden":
                tensors = (tensors[0], *(torch.zeros_like(each) for each in tensors[1:]))
            case "last":
                tensors = tuple(torch.cat([0 * each[:-1], each[-1:]]) for each in tensors)
        return tensors[0] if isinstance(state, Tensor) else tensors

    def start(carried: Carried, records: int) -> States | None:
        states = right(carried, records)
        return None if states is None else [of(state) for state in states]

    return lambda: patch.object(Carried, "start", start)


FAULTS = tuple(
    Fault(name, SURFACE, source, sentence, "stateful", inject, ("reference_steps",))
    for name, source, sentence, inject in (
        (
            "state_never_reset",
            "soumith/cudnn.torch#348",
            "a reset leaves the state as it was",
            never_reset,
        ),
        (
            "state_always_reset",
            "ai2cm/fv3net PR 2331",
            "every batch starts from zero",
            always_reset,
        ),
        (
            "state_reset_late",
            "paxcema/KerasGRU4Rec#1",
            "the state is reset a batch later than declared",
            reset_late,
        ),
        (
            "lower_layers_reset",
            "jzilly/RecurrentHighwayNetworks#5",
            "only one layer of several keeps to what is declared",
            started_from("last"),
        ),
        (
            "cell_not_carried",
            SYNTHETIC,
            "the cell's state starts from zero, the output's is carried",
            started_from("hidden"),
        ),
        (
            "records_mixed_up",
            SYNTHETIC,
            "a record goes on from its neighbour's state",
            started_from("rolled"),
        ),
    )
)
