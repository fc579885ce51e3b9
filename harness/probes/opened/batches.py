"""What an epoch feeds to model and loss: all records, once, with their labels, in a new order."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from torch import nn

from harness.dataset import build
from harness.probes.toolkit.arithmetic import numbers
from harness.probes.toolkit.check import Array, Check, conclude, exactly
from harness.probes.toolkit.subject import Subject
from harness.results.probe import Probe
from harness.scenario import Task

NAME = "batches"

EPOCHS = 3

ORDER_SIGMAS = 4.5
"""A random order's rank correlation with another is N(0, 1 / (n - 1)) (Kendall 1948)."""


@dataclass
class _Fed:
    """Records `[records, values]` and their targets, in the order that the step saw them."""

    inputs: list[Array] = field(default_factory=list)
    targets: list[Array] = field(default_factory=list)

    def take_inputs(self, _module: nn.Module, arguments: tuple[Any, ...]) -> None:
        self.inputs.append(numbers(arguments[0].flatten(1)))

    def take_targets(self, _module: nn.Module, arguments: tuple[Any, ...]) -> None:
        self.targets.append(numbers(arguments[1]))

    @property
    def records(self) -> Array:
        """Inputs and target side by side, `[records, values + 1]`."""
        return np.column_stack([np.concatenate(self.inputs), np.concatenate(self.targets)])


def batches(subject: Subject) -> Probe:
    """Train three epochs and look at what model and loss were given."""
    with subject.run() as run:
        stored = np.column_stack([numbers(run.x.flatten(1)), numbers(run.y)])
        fed = []
        for epoch in range(EPOCHS):
            fed.append(_Fed())
            hooks = [
                run.model.register_forward_pre_hook(fed[-1].take_inputs),
                run.loss.register_forward_pre_hook(fed[-1].take_targets),
            ]
            run.epoch(epoch)
            for hook in hooks:
                hook.remove()
    size, rows = subject.case.training.batch_size, len(stored)
    sizes = [min(size, rows - first) for first in range(0, rows, size)]
    checks = [
        exactly(
            "batches of a wrong size", abs(len(each.inputs) - len(sizes)) + _differ(each, sizes)
        )
        for each in fed
    ]
    epochs = [each.records for each in fed]
    declared = build(subject.case, 0)
    x, y = declared.x.reshape(rows, -1), declared.y
    expected = np.column_stack([x.astype(numbers(run.x).dtype), y]).astype(stored.dtype)
    checks += [
        exactly("records lost, doubled or mislabelled", _strays(each, expected)) for each in epochs
    ]
    checks += [
        exactly("labels that do not belong to their record", _mislabelled(subject, each))
        for each in epochs
    ]
    checks += _order_checks([expected, *epochs], shuffled=subject.case.training.shuffle)
    return conclude(NAME, f"{EPOCHS} epochs of {rows} records", checks)


def _differ(fed: _Fed, sizes: list[int]) -> int:
    return sum(len(batch) != size for batch, size in zip(fed.inputs, sizes, strict=False))


def _strays(records: Array, expected: Array) -> int:
    """How many records, their labels included, one has and the other has not."""
    seen, counts = np.unique(records, axis=0, return_counts=True)
    table = {row.tobytes(): int(count) for row, count in zip(seen, counts, strict=True)}
    for row in np.ascontiguousarray(expected):
        table[row.tobytes()] = table.get(row.tobytes(), 0) - 1
    return sum(abs(count) for count in table.values())


def _mislabelled(subject: Subject, records: Array) -> int:
    """How many records contradict the task: `recall_first` or `mean_value`, rescaled."""
    if not isinstance(subject.case.data, Task) or subject.case.model.factory is not None:
        return 0
    values, labels = records[:, :-1], records[:, -1]
    if subject.case.targets == "values":
        predicted = values.mean(axis=1)
        slope, offset = np.polyfit(predicted, labels, 1)
        return int(np.sum(np.abs(slope * predicted + offset - labels) > 0.05 * labels.std()))
    order = np.argsort(values[:, 0])
    negatives = int(np.sum(labels == 0))
    return int(np.sum(labels[order] != (np.arange(len(order)) >= negatives)))


def _order_checks(epochs: list[Array], *, shuffled: bool) -> list[Check]:
    """Compare orders, the stored one first: all differ, or none does."""
    if len({each.shape for each in epochs}) > 1:
        return []  # records were lost: reported already
    stored, *trained = epochs
    if not shuffled:
        return [
            exactly(
                "records out of their stored order", int(np.sum(np.any(each != stored, axis=1)))
            )
            for each in trained
        ]
    _, rank = np.unique(stored, axis=0, return_inverse=True)
    position = {stored[i].tobytes(): i for i in range(len(rank))}
    ranks = [
        [position.get(row.tobytes(), 0) for row in np.ascontiguousarray(each)] for each in epochs
    ]
    allowed = ORDER_SIGMAS / np.sqrt(len(stored) - 1)
    pairs = [(a, b) for a in range(len(ranks)) for b in range(a)]
    return [
        Check(
            "correlation of two epochs' orders",
            abs(float(np.corrcoef(ranks[a], ranks[b])[0, 1])),
            allowed,
        )
        for a, b in pairs
    ]
