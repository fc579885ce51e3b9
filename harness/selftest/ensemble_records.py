"""Faults in what the ensemble makes of early ends, token ids, several labels, a carried state."""

from typing import Any
from unittest.mock import patch

from torch import Tensor

from harness.backends.ensemble import network, states
from harness.backends.ensemble.embedding import Embedding
from harness.backends.ensemble.loss import BatchedLoss
from harness.backends.ensemble.padding import Ends
from harness.backends.ensemble.records import Records
from harness.selftest.ensemble import Method, method
from harness.selftest.fault import SYNTHETIC, Fault, Inject


def padding_read() -> Any:
    """Take every record to be as long as the longest could be."""
    return patch.object(network, "Ends", lambda x: Ends(x.nan_to_num()))


def all_turned(_right: Method) -> Method:
    """Turn the whole array around, what lies beyond an end first."""
    return lambda _ends, values: values.flip(0)


def padding_counted(right: Method) -> Method:
    """Let what lies beyond an end count as a target of 0."""

    def rows(self: BatchedLoss, outputs: Tensor, targets: Tensor) -> Any:
        outputs, targets, _ = right(self, outputs, targets)
        return outputs, targets, None

    return rows


def untrained(right: Method) -> Method:
    """Leave the vectors of ids as they start."""

    def backward(self: Embedding, *given: Any) -> None:
        right(self, *given)
        self.gradient.zero_()

    return backward


def first_table(_right: Method) -> Method:
    """Look all seeds' ids up in the first seed's table."""

    def forward(self: Embedding, x: Tensor) -> Tensor:
        vectors = self.weight[0][x[:, :, 0].long()]
        return vectors.transpose(2, 3)

    return forward


def labels_mixed(right: Method) -> Method:
    """Lay several labels out by record, where outputs are laid out by label."""

    def flat(self: Records, y: Tensor) -> Tensor:
        found: Tensor = right(self, y)
        return found.transpose(1, 2).reshape(found.shape) if self.vectors else found

    return flat


def never_carried() -> Any:
    """Start every batch from zero."""
    right = states.start
    return patch.object(network, "start", lambda levels, _states: right(levels, None))


PADDED: dict[str, tuple[str, str, Inject, tuple[str, ...]]] = {
    "padding_read": (
        "records are read beyond their end",
        "padded_both_ways",
        padding_read,
        ("reference_steps",),
    ),
    "padding_turned": (
        "the direction that reads backwards begins beyond the end",
        "padded_both_ways",
        method(Ends, "turn", all_turned),
        ("reference_steps",),
    ),
    "padding_counted": (
        "the loss counts what lies beyond an end",
        "padded",
        method(BatchedLoss, "_rows", padding_counted),
        ("reference_steps",),
    ),
}

OTHERS: dict[str, tuple[str, str, Inject, tuple[str, ...]]] = {
    "state_never_carried": (
        "a state that is to be carried starts from zero in every batch",
        "stateful",
        never_carried,
        ("reference_steps",),
    ),
    "embedding_untrained": (
        "vectors of token ids get no gradient",
        "embedded",
        method(Embedding, "backward", untrained),
        ("gradient", "reference_steps"),
    ),
    "embedding_of_the_first_seed": (
        "ids of all seeds are looked up in the first seed's table",
        "embedded",
        method(Embedding, "forward", first_table),
        ("gradient",),
    ),
    "labels_mixed": (
        "several labels of a record are told by another's outputs",
        "several_labels",
        method(Records, "_flat", labels_mixed),
        ("reference_steps",),
    ),
}

FAULTS = tuple(
    Fault(f"ensemble_{name}", "ensemble", SYNTHETIC, sentence, case, inject, probes, "ensemble")
    for name, (sentence, case, inject, probes) in (PADDED | OTHERS).items()
)
