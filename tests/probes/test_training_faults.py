"""Each fault of the loop around the model is seen by a probe that names it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR

from harness.backends.torch import eager
from harness.probes import Probe
from harness.scenario import Case

Make = Callable[..., Case]
Ask = Callable[[str, Case], Probe]
Patch = pytest.MonkeyPatch


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


@pytest.mark.parametrize("fault", ["two columns", "clamped"])
def test_a_loss_that_is_wrong_for_many_classes_or_sure_answers_fails(
    make_case: Make, ask: Ask, monkeypatch: Patch, fault: str
) -> None:
    original = functional.cross_entropy

    def faulty(outputs: Tensor, *arguments: Any, **named: Any) -> Tensor:
        if fault == "two columns":
            outputs = torch.cat([outputs[:, :2], outputs[:, 2:].detach()], dim=1)
        else:
            outputs = outputs.clamp(-10, 10)
        return original(outputs, *arguments, **named)

    assert ask("loss", make_case()).status == "pass"
    monkeypatch.setattr(functional, "cross_entropy", faulty)
    assert ask("loss", make_case()).status == "fail"


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
