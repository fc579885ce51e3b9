"""Each fault of the loop around the model is seen by a probe that names it."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim import SGD, Adam, AdamW, Optimizer
from torch.optim.lr_scheduler import LambdaLR

from harness.backends import eager
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
) -> Callable[..., None]:
    """Return a step of Adam; correct unless told otherwise."""

    def step(self: Optimizer, closure: None = None) -> None:
        for group in self.param_groups:
            for p in group["params"]:
                memory = self.state[p]
                memory["t"] = t = memory.get("t", 0) + counts
                memory["m"] = memory.get("m", 0) * 0.9 + 0.1 * p.grad
                memory["v"] = memory.get("v", 0) * 0.999 + 0.001 * p.grad**2
                first, second = (1 - 0.9**t, 1 - 0.999**t) if corrects else (1.0, 1.0)
                root = square_root or (lambda v, c, eps: (v / c).sqrt() + eps)
                with torch.no_grad():
                    denominator = root(memory["v"], second, group["eps"])
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


@pytest.mark.parametrize("name", ["reference_steps", "zeroing"])
def test_gradients_that_are_never_zeroed_fail(
    make_case: Make, ask: Ask, monkeypatch: Patch, name: str
) -> None:
    monkeypatch.setattr(Optimizer, "zero_grad", lambda *_, **__: None)
    assert ask(name, make_case()).status == "fail"


@pytest.mark.parametrize("name", ["reference_steps", "loss"])
@pytest.mark.parametrize("fault", ["softmax", "quarter", "smoothing"])
def test_a_wrong_loss_fails(
    make_case: Make, ask: Ask, monkeypatch: Patch, name: str, fault: str
) -> None:
    original = functional.cross_entropy

    def faulty(outputs: Tensor, targets: Tensor, *arguments: Any, **named: Any) -> Tensor:
        if fault == "softmax":
            outputs = outputs.softmax(dim=1)
        if fault == "smoothing":
            named["label_smoothing"] = 0.1
        return original(outputs, targets, *arguments, **named) / (4 if fault == "quarter" else 1)

    monkeypatch.setattr(functional, "cross_entropy", faulty)
    assert ask(name, make_case()).status == "fail"


METRIC_FAULTS: list[tuple[str, str, Callable[[Any, Any], Any]]] = [
    ("accuracy", "mean_sign", lambda outputs, targets: (outputs.argmin(-1) == targets).mean()),
    ("accuracy", "mean_sign", lambda outputs, targets: (outputs.argmax(-1) == targets)[:-1].mean()),
    ("balanced_accuracy", "mean_sign", lambda outputs, y: (outputs.argmax(-1) == y).mean()),
    ("rmse", "mean_value", lambda outputs, targets: ((outputs[:, 0] - targets) ** 2).mean()),
    ("r2", "mean_value", lambda outputs, y: np.corrcoef(outputs[:, 0], y)[0, 1] ** 2),
]


@pytest.mark.parametrize(("metric", "task", "fault"), METRIC_FAULTS)
def test_a_wrong_metric_fails(
    make_case: Make, ask: Ask, monkeypatch: Patch, metric: str, task: str, fault: Any
) -> None:
    case = make_case(f"converged.metric = '{metric}'", task)
    assert ask("reference_steps", case).status == "pass"
    monkeypatch.setattr(eager, "measure", lambda _, outputs, targets, *__: fault(outputs, targets))
    failed = ask("reference_steps", case)
    assert failed.status == "fail"
    assert metric in failed.sentence


def test_masks_that_repeat_fail(make_case: Make, ask: Ask, monkeypatch: Patch) -> None:
    original = functional.dropout

    def seeded(*arguments: Any, **named: Any) -> Tensor:
        torch.manual_seed(3)
        return original(*arguments, **named)

    monkeypatch.setattr(functional, "dropout", seeded)
    assert ask("modes", make_case("model.dropout = 0.3")).status == "fail"


ORDER_FAULTS: dict[str, Callable[[Any, int, int], Any]] = {
    "shuffle ignored": lambda _, __, n: np.arange(n),
    "the same order every epoch": lambda seed, _, n: np.random.default_rng(seed).permutation(n),
    "one record twice": lambda *a: np.r_[np.random.default_rng(a[:2]).permutation(a[2])[1:], 0],
    "last batch dropped": lambda *a: np.random.default_rng(a[:2]).permutation(a[2])[
        : a[2] // 8 * 8
    ],
}


@pytest.mark.parametrize("fault", ORDER_FAULTS)
@pytest.mark.parametrize("name", ["batches", "reference_steps"])
def test_a_wrong_order_of_records_fails(
    make_case: Make, ask: Ask, monkeypatch: Patch, fault: str, name: str
) -> None:
    monkeypatch.setattr(
        eager, "epoch_order", lambda seed, epoch, n, shuffle: ORDER_FAULTS[fault](seed, epoch, n)
    )
    assert ask(name, make_case()).status == "fail"


@pytest.mark.parametrize("where", ["dataset", "step"])
def test_labels_out_of_step_fail(make_case: Make, ask: Ask, monkeypatch: Patch, where: str) -> None:
    if where == "dataset":
        original = eager.Run._tensors
        monkeypatch.setattr(eager.Run, "_tensors", lambda s, x, y: original(s, x, np.roll(y, 1)))
    else:
        loss_of = eager.Run.loss_of
        monkeypatch.setattr(eager.Run, "loss_of", lambda s, o, y: loss_of(s, o, y.roll(1)))
    assert ask("batches", make_case()).status == "fail"


@pytest.mark.parametrize("name", ["schedule", "reference_steps"])
@pytest.mark.parametrize("fault", ["twice", "second"])
def test_a_schedule_out_of_step_fails(
    make_case: Make, ask: Ask, monkeypatch: Patch, name: str, fault: str
) -> None:
    step, start = LambdaLR.step, LambdaLR.__init__

    def twice(self: LambdaLR) -> None:
        step(self)
        if self.last_epoch > 0:
            step(self)

    def second(self: LambdaLR, optimizer: Optimizer, factor: Callable[[int], float]) -> None:
        start(self, optimizer, lambda number: factor(number + 1))

    if fault == "twice":
        monkeypatch.setattr(LambdaLR, "step", twice)
    else:
        monkeypatch.setattr(LambdaLR, "__init__", second)
    lines = "training.schedule = 'exponential'\ntraining.warmup_epochs = 1"
    assert ask(name, make_case(lines)).status == "fail"


@pytest.mark.parametrize("name", ["clipping", "reference_steps"])
def test_clipping_that_is_ignored_fails(
    make_case: Make, ask: Ask, monkeypatch: Patch, name: str
) -> None:
    monkeypatch.setattr(nn.utils, "clip_grad_norm_", lambda *_, **__: None)
    lines = "training.clip_norm = 1.0\ntraining.optimizer = 'sgd'"
    assert ask(name, make_case(lines)).status == "fail"
