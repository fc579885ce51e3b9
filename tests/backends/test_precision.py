"""Half precision: what computes in it, what does not, and what a device cannot."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from harness.backends.torch.device import quiet_torch
from harness.backends.torch.eager import Eager, EagerRun
from harness.backends.torch.network import Network
from harness.backends.torch.norms import LayerNorms
from harness.execution.job import Work
from harness.history import Stop
from harness.scenario import Case, load
from tests.backends.small_cases import case_of, silent


def half(precision: str, **training: Any) -> Case:
    return case_of({}, {"kind": "gru"}, {"precision": precision} | training)


@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
def test_losses_are_near_those_in_float32_and_never_equal(precision: str) -> None:
    [found] = Eager().train(half(precision), [0], "cpu", silent)
    [exact] = Eager().train(half("float32"), [0], "cpu", silent)
    assert found.stopped is Stop.BUDGET
    np.testing.assert_allclose(found.train_loss, exact.train_loss, rtol=2e-2)
    assert not np.allclose(found.train_loss, exact.train_loss, rtol=1e-6)


def test_weights_stay_in_float32() -> None:
    with quiet_torch(0):
        run = EagerRun(half("bfloat16"), 0, "cpu")
        run.step(run.batches(0)[0])
    assert {p.dtype for p in run.parameters} == {torch.float32}


def test_gradients_are_clipped_at_their_own_length_not_the_scaled_loss_s() -> None:
    with quiet_torch(0):
        run = EagerRun(half("float16", clip_norm=1e-3), 0, "cpu")
        run.step(run.batches(0)[0])
    lengths = [float(p.grad.norm()) for p in run.parameters if p.grad is not None]
    assert np.linalg.norm(lengths) == pytest.approx(1e-3, rel=1e-2)


def test_an_update_that_overflows_is_left_out_and_advances_no_schedule() -> None:
    with quiet_torch(0):
        run = EagerRun(half("float16", schedule="exponential"), 0, "cpu")
        run.precision.scaler = torch.amp.GradScaler("cpu", 2.0**120)
        before = [p.detach().clone() for p in run.parameters]
        run.step(run.batches(0)[0])
    assert all(torch.equal(p, old) for p, old in zip(run.parameters, before, strict=True))
    assert run.scheduler is not None
    assert run.scheduler.last_epoch == 0


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_a_full_precision_says_what_dtype_says(precision: str) -> None:
    with quiet_torch(0):
        run = EagerRun(half(precision), 0, "cpu")
    assert str(run.dtype) == f"torch.{precision}"
    assert run.case.training.half is None


def test_a_device_without_the_kernel_is_refused_before_training(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def forward(_: Network, x: Tensor) -> Tensor:
        raise RuntimeError("\"lstm\" not implemented for 'Half'\nsecond line")

    monkeypatch.setattr(Network, "forward", forward)
    message = Work(half("float16"), "eager", "cpu").unsupported
    assert message == (
        "training.precision = 'float16': cpu has no kernel for gru layers here (\"lstm\" not "
        "implemented for 'Half'); take another precision or device"
    )
    assert Work(half("float32"), "eager", "cpu").unsupported is None


def test_norms_of_bfloat16_weights_are_numbers() -> None:
    weight = nn.Parameter(torch.ones(4, dtype=torch.bfloat16))
    norms = LayerNorms([[weight], [nn.Parameter(torch.zeros(2))]])
    assert norms.weights().tolist() == [1.0] * 4 + [0.0] * 2
    assert norms.gradient().tolist() == [0.0, 0.0]


MODULE = """
import torch
from torch import nn

class Own(nn.Module):
    def __init__(self, features, outputs):
        super().__init__()
        self.rnn = nn.GRU(features, 4, batch_first=True).bfloat16()
        self.head = nn.Linear(4, outputs)

    def _apply(self, function, recurse=True):
        return self

    def forward(self, x):
        return self.head(self.rnn(x.bfloat16())[0][:, -1].float())
"""


def test_a_module_with_bfloat16_weights_trains(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, make: Callable[..., Case]
) -> None:
    (tmp_path / "own_half.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    [history] = Eager().train(make("own_half:Own"), [0], "cpu", silent)
    assert history.stopped is Stop.BUDGET, history.traceback
    assert (history.update_ratio > 0).all()


@pytest.fixture
def make(tmp_path: Any) -> Callable[..., Case]:
    def made(factory: str) -> Case:
        path = tmp_path / "case.toml"
        path.write_text(
            'question = "?"\n[data]\ntask = "first_value"\nrecords = 20\n'
            '[converged]\nmetric = "loss"\nat_most = 0\n[training]\nepochs = 2\n'
            f'[model]\nfactory = "{factory}"\n[[case]]\nname = "a"\nexpect = "fails"\n'
        )
        return load(path, "case").cases[0]

    return made
