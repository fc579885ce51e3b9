"""Each fault of an optimizer is seen by a probe that names it, early or late."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.optim import SGD, Adam, AdamW, Optimizer

from harness.probes import Probe
from harness.scenario import Case

Make = Callable[..., Case]
Ask = Callable[[str, Case], Probe]
Patch = pytest.MonkeyPatch

ADAMW = "training.optimizer = 'adamw'\ntraining.weight_decay = 0.01"
MOMENTUM = "training.optimizer = 'sgd'\ntraining.momentum = 0.9"


def adam(
    square_root: Callable[[Tensor, float, float], Tensor] | None = None,
    *,
    corrects: bool = True,
    counts: int = 1,
    counts_to: float = float("inf"),
    forgets_square: bool = True,
) -> Callable[..., None]:
    """Return a step of Adam; correct unless told otherwise."""

    def step(self: Optimizer, closure: None = None) -> None:
        for group in self.param_groups:
            for p in group["params"]:
                memory = self.state[p]
                memory["t"] = t = memory.get("t", 0) + counts
                memory["m"] = memory.get("m", 0) * 0.9 + 0.1 * p.grad
                memory["v"] = memory.get("v", 0) * 0.999 + 0.001 * p.grad**2
                t = min(t, counts_to)
                first, second = (1 - 0.9**t, 1 - 0.999**t) if corrects else (1.0, 1.0)
                largest = torch.maximum(memory.get("largest", memory["v"]), memory["v"])
                memory["largest"] = memory["v"] if forgets_square else largest
                root = square_root or (lambda v, c, eps: (v / c).sqrt() + eps)
                with torch.no_grad():
                    denominator = root(memory["largest"], second, group["eps"])
                    p.sub_(group["lr"] * (memory["m"] / first) / denominator)

    return step


def around(step: Callable[..., Any], fault: Callable[[Optimizer, int], Iterator[bool]]) -> Any:
    """Return ``step`` inside a generator that yields whether it is to be taken."""

    def faulty(self: Optimizer, closure: None = None) -> None:
        self.__dict__["calls"] = self.__dict__.get("calls", 0) + 1
        for taken in fault(self, self.__dict__["calls"]):
            if taken:
                step(self)

    return faulty


def scaled_rate(factor: float) -> Callable[[Optimizer, int], Iterator[bool]]:
    def fault(optimizer: Optimizer, _: int) -> Iterator[bool]:
        rates = [group["lr"] for group in optimizer.param_groups]
        for group in optimizer.param_groups:
            group["lr"] *= factor
        yield True
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate

    return fault


def late(fault: Callable[[Optimizer, int], Iterator[bool]]) -> Any:
    def after_110(optimizer: Optimizer, call: int) -> Iterator[bool]:
        yield from fault(optimizer, call) if call > 110 else iter((True,))

    return after_110


def skips(_: Optimizer, call: int) -> Iterator[bool]:
    yield call % 20 != 0


def forgets(optimizer: Optimizer, call: int) -> Iterator[bool]:
    yield True
    if call % 50 == 0:
        optimizer.state.clear()


def leaves_one(optimizer: Optimizer, _: int) -> Iterator[bool]:
    left = optimizer.param_groups[0]["params"][1]
    left.grad, kept = None, left.grad
    yield True
    left.grad = kept


def averages(self: SGD, closure: None = None) -> None:
    for group in self.param_groups:
        for p in group["params"]:
            mean = self.state[p].get("mean", torch.zeros_like(p)) * 0.9 + 0.1 * p.grad
            self.state[p]["mean"] = mean
            with torch.no_grad():
                p.sub_(group["lr"] * mean)


def coupled(self: Optimizer, closure: None = None) -> None:
    for group in self.param_groups:
        for p in group["params"]:
            p.grad = p.grad + group["weight_decay"] * p.detach()
    adam()(self)


OPTIMIZER_FAULTS: list[tuple[str, str, type[Optimizer], Any]] = [
    ("optimizer", "", Adam, around(Adam.step, leaves_one)),
    ("reference_steps", "", Adam, around(Adam.step, leaves_one)),
    ("optimizer", "", Adam, adam(corrects=False)),
    ("optimizer", "", Adam, adam(counts=2)),
    ("optimizer", "", Adam, adam(lambda v, c, eps: (v / c + eps).sqrt())),
    ("optimizer", "", Adam, adam(lambda v, c, eps: (v.sqrt() + eps) / c**0.5)),
    ("optimizer", "", Adam, around(Adam.step, scaled_rate(0.98))),
    ("reference_steps", "", Adam, around(Adam.step, scaled_rate(0.98))),
    ("reference_steps", MOMENTUM, SGD, around(SGD.step, scaled_rate(0.98))),
    ("optimizer", "", Adam, around(Adam.step, skips)),
    ("reference_steps", "", Adam, around(Adam.step, skips)),
    ("optimizer", "", Adam, around(Adam.step, forgets)),
    ("optimizer", MOMENTUM, SGD, averages),
    ("optimizer", ADAMW, AdamW, coupled),
]


@pytest.mark.parametrize(("name", "lines", "optimizer", "step"), OPTIMIZER_FAULTS)
def test_a_fault_of_the_optimizer_fails_its_probe(
    make_case: Make,
    ask: Ask,
    monkeypatch: Patch,
    name: str,
    lines: str,
    optimizer: type[Optimizer],
    step: Any,
) -> None:
    monkeypatch.setattr(optimizer, "step", step)
    assert ask(name, make_case(lines)).status == "fail"


LATE: list[tuple[str, Any]] = [
    ("keeps the largest mean square", adam(forgets_square=False)),
    ("counts to 256", adam(counts_to=256)),
    ("rate halved late", around(Adam.step, late(scaled_rate(0.5)))),
]


@pytest.mark.parametrize("step", [step for _, step in LATE], ids=[name for name, _ in LATE])
def test_what_goes_wrong_late_is_not_weighed_against_the_way_before(
    make_case: Make, ask: Ask, monkeypatch: Patch, step: Any
) -> None:
    monkeypatch.setattr(Adam, "step", step)
    assert ask("optimizer", make_case()).status == "fail"
