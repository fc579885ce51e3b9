"""Calls a user's own training once more, under watch, whichever framework it is in, or in none."""
# ruff: noqa: PLC0415 - frameworks are imported by who trains with them, and by nobody else

import sys
from contextlib import AbstractContextManager
from dataclasses import replace

from harness.backends.isolation import isolated
from harness.backends.own.backend import train_of
from harness.backends.own.generator import record
from harness.diagnosis.cases.observe import at_fault, missed
from harness.diagnosis.observations import Observations
from harness.diagnosis.watch.hooks import Listeners
from harness.scenario import OwnCase


def replay_own(case: OwnCase, seed: int) -> Observations | None:
    """Call the user's function with a seed, and watch.

    Args:
        case: with a function of the user's.
        seed: which one.

    Returns:
        What was observed, ``None`` if nothing was trained that can be watched.
    """
    with _quiet(seed), Listeners(str(case.directory)) as listeners:
        history = record(train_of(case, "cpu"), seed, case.rule, _unwatched, case.called)
    found: list[Observations] = []
    if listeners.torch is not None:
        from harness.diagnosis.watch.torch_observe import observe_all

        found += observe_all(listeners.torch, {})
    if listeners.keras is not None:
        from harness.diagnosis.watch.keras_observe import observe_all as of_keras

        found += of_keras(listeners.keras, {})
    if not found:
        return None
    return replace(at_fault(found[-1]), missed=missed(case, history))


def _quiet(seed: int) -> AbstractContextManager[None]:
    """Leave the process' global state as it was; PyTorch's too, if it is there."""
    if "torch" not in sys.modules:
        return isolated(seed)
    from harness.backends.torch.device import quiet_torch

    return quiet_torch(seed)


def _unwatched(_: int, __: int) -> None:
    """Nobody waits for a replay's progress."""
