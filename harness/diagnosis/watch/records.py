"""What the PyTorch recorder keeps of each training: tensors here, arrays in the observations."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import torch

from harness.diagnosis.observations import Function, LossKind
from harness.diagnosis.watch.torch_zeroing import Zeroing

KEPT = 4_000_000
"""Values of inputs kept for one training, 32 MB at most."""

RECENT = 96
"""Outputs of that many last batches are kept: an epoch of most small programs."""


@dataclass
class Pair:
    """Output and target as they met in a loss.

    ``summed``: its value is a sum over records. ``weighed``: which values of a loss that
    is not summed the objective weighs, once gradients are computed; ``masked``: some do not, and no
    class of the script says which.
    """

    kind: LossKind
    output: torch.Tensor
    target: torch.Tensor
    value: torch.Tensor
    name: str
    weighted: bool = False
    ignored: int | None = None
    weighed: list[torch.Tensor] = field(default_factory=list)
    masked: bool = False
    summed: bool = False


@dataclass
class Call:
    """A forward pass of an outermost module."""

    module: torch.nn.Module
    args: tuple[Any, ...]
    output: Any
    training: bool

    def inputs(self) -> Iterator[torch.Tensor]:
        """The tensors passed in that no other module computed."""
        for value in self.args:
            for part in value if isinstance(value, (list, tuple)) else (value,):
                if isinstance(part, torch.Tensor) and not part.requires_grad:
                    yield part


@dataclass
class Pending:
    """What happened since the last update.

    Attributes:
        ran: modules, by ``id``; ``in_graph``: those of them that ran with gradients enabled.
        met: how many calls, pairs and differences there were at the last backward pass.
        arrived: parameters, by ``id``, that a backward pass has given a gradient.
        more: what is minimised has other parts than its losses.
    """

    calls: list[Call] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    differences: list[tuple[torch.Tensor, torch.Tensor]] = field(default_factory=list)
    backwards: list[torch.Tensor] = field(default_factory=list)
    ran: dict[int, torch.nn.Module] = field(default_factory=dict)
    activations: list[tuple[str, float, int]] = field(default_factory=list)
    cut: bool = False
    met: tuple[int, int, int] = (0, 0, 0)
    in_graph: set[int] = field(default_factory=set)
    arrived: set[int] = field(default_factory=set)
    likelihood: bool = False
    more: bool = False

    def after_backward(self) -> "Pending":
        """Take out what came after the last backward pass: it belongs to the next update."""
        calls, pairs, differences = self.met
        later = Pending(self.calls[calls:], self.pairs[pairs:], self.differences[differences:])
        del self.calls[calls:], self.pairs[pairs:], self.differences[differences:]
        return later


@dataclass
class Batch:
    """One recorded batch, detached; ``args`` are those of the only outermost module.

    ``raw``: every tensor that the module returned.
    """

    step: int
    inputs: torch.Tensor | None
    args: tuple[Any, ...]
    output: torch.Tensor
    target: torch.Tensor
    raw: tuple[torch.Tensor, ...] = ()


@dataclass
class Evaluation:
    """A forward pass without gradient, and what the script compared its output with.

    ``parts``: every tensor that the module returned. ``counted``: the comparison was summed or
    averaged as it was, without leaving anything out.
    """

    step: int
    module: torch.nn.Module
    inputs: torch.Tensor | None
    parts: tuple[torch.Tensor, ...]
    training: bool
    pairs: list[Pair] = field(default_factory=list)
    compared: tuple[torch.Tensor, torch.Tensor] | None = None
    counted: bool = False


@dataclass
class Decision:
    """A choice among classes that a script made from an output: ``argmax``, ``gt`` or ``round``.

    ``setting`` is the axis, or the threshold.
    """

    kind: str
    setting: Any
    values: torch.Tensor


@dataclass
class Training:
    """All updates of one set of parameters.

    ``keys``: of the records and targets of each batch; ``partly``: a record is more than its key
    tells, as where a network is given several tensors.
    """

    optimizer: torch.optim.Optimizer
    steps: int = 0
    first: int = 0
    last: int = 0
    losses: list[torch.Tensor | float] = field(default_factory=list)
    objective: list[torch.Tensor | float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    modules: dict[int, torch.nn.Module] = field(default_factory=dict)
    children: dict[int, tuple[torch.nn.Module, int]] = field(default_factory=dict)
    names: dict[int, tuple[str, str, int]] = field(default_factory=dict)
    tensors: dict[int, torch.Tensor] = field(default_factory=dict)
    registered: set[int] = field(default_factory=set)
    optimized: set[int] = field(default_factory=set)
    start: dict[int, torch.Tensor] = field(default_factory=dict)
    gradients: dict[int, list[float]] = field(default_factory=dict)
    batches: list[Batch] = field(default_factory=list)
    kept: int = 0
    recent: deque[Batch] = field(default_factory=lambda: deque(maxlen=RECENT))
    keys: list[tuple[torch.Tensor, torch.Tensor]] = field(default_factory=list)
    partly: bool = False
    pair: Pair | None = None
    function: Function = "unknown"
    over_batch: bool = False
    zeroing: dict[int, Zeroing] = field(default_factory=dict)
    erased: int = 0
    in_graph: set[int] = field(default_factory=set)
    before: list[tuple[torch.Tensor, torch.Tensor, torch.Tensor]] = field(default_factory=list)
    in_eval: int = 0
    was_train: bool = False
    passes: int = 0
    cut: int = 0
    broadcast: bool = False
    time_first: bool = False
    negated: int = 0
    likelihood: bool = False
    more: bool = False
    compared: int = 0
    activations: dict[str, list[tuple[int, str, float, int]]] = field(default_factory=dict)
    batch_sizes: list[int] = field(default_factory=list)
    namespace: dict[str, Any] = field(default_factory=dict)

    def zeroing_of(self, optimizer: torch.optim.Optimizer) -> Zeroing:
        """What was seen of the gradients of one of its optimizers."""
        if id(optimizer) not in self.zeroing:
            self.zeroing[id(optimizer)] = Zeroing.of(optimizer)
        return self.zeroing[id(optimizer)]
