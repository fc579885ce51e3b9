"""Every fault is described, acts on a case that there is, and leaves nothing behind."""

import sys
from contextlib import nullcontext, suppress
from typing import Any

import pytest
import torch
from torch import _VF, nn
from torch.optim import SGD, Adagrad, Adam, AdamW, NAdam, Optimizer
from torch.optim.lr_scheduler import LambdaLR, ReduceLROnPlateau

from harness import initial
from harness.backends import loop
from harness.backends.ensemble import network as batched
from harness.backends.ensemble.embedding import Embedding
from harness.backends.ensemble.loss import BatchedLoss
from harness.backends.ensemble.network import BatchedNetwork
from harness.backends.ensemble.optimizer import Adam as BatchedAdam
from harness.backends.ensemble.optimizer import BatchedOptimizer
from harness.backends.ensemble.padding import Ends
from harness.backends.ensemble.records import Dropout, Records
from harness.backends.ensemble.run import EnsembleRun
from harness.backends.torch import eager, network, padding
from harness.backends.torch.carried import Carried
from harness.backends.torch.precision import Precision
from harness.selftest import CHANGES, FAULTS, Change, Fault
from harness.selftest.cases import CASES

PATCHED: list[Any] = [
    *(_VF, nn.LSTM, nn.Dropout, nn.functional, nn.init, nn.utils, torch),
    *(BatchedAdam, BatchedNetwork, BatchedOptimizer, EnsembleRun, Dropout, Records),
    *(batched, BatchedLoss, Embedding, Ends),
    *(Adagrad, NAdam, ReduceLROnPlateau),
    *(Carried, Precision, torch.amp.GradScaler),
    *(SGD, Adam, AdamW, Optimizer, LambdaLR, eager, eager.EagerRun, initial, loop),
    sys.modules["harness.probes.opened.initialisation"],
    *(network, network.Network, padding),
    sys.modules["harness.reference.train"],
]
SURFACES = {
    "GRU and RNN backward",
    "GRU",
    "projection",
    "both directions",
    "state between batches",
    "half precision",
    "ensemble",
    "metric",
    "LSTM backward",
    "LSTM forward",
    "initialisation",
    "optimizer",
    "loss",
    "data",
    "schedule",
    "clipping",
    "padding and ids",
}

by_name = pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)


@pytest.fixture(autouse=True)
def _hooked() -> None:
    """Build each optimizer once: PyTorch wraps its step when first built."""
    for kind in (SGD, Adagrad, Adam, AdamW, NAdam):
        kind([torch.zeros(1, requires_grad=True)], 0.1)


def state() -> list[dict[str, Any]]:
    """Return every attribute of whatever a fault replaces something in."""
    return [dict(vars(owner)) for owner in PATCHED]


@by_name
def test_a_change_is_undone(change: Change) -> None:
    before = state()
    with change.inject():
        pass
    assert state() == before


@by_name
def test_a_change_is_undone_where_training_raises(change: Change) -> None:
    before = state()
    with suppress(RuntimeError), change.inject():
        raise RuntimeError
    assert state() == before


@pytest.mark.parametrize(
    "change",
    [change for change in CHANGES if change.inject is not nullcontext],
    ids=lambda change: change.name,
)
def test_a_change_changes_something(change: Change) -> None:
    before = state()
    with change.inject():
        assert state() != before


def test_names_are_unique() -> None:
    assert len({change.name for change in CHANGES}) == len(CHANGES)


@by_name
def test_a_change_acts_on_a_case_that_there_is(change: Change) -> None:
    assert change.case in CASES


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_says_what_it_does_and_where_it_happened(fault: Fault) -> None:
    assert fault.sentence
    assert fault.source


def test_every_surface_has_faults() -> None:
    assert {fault.surface for fault in FAULTS} == SURFACES
