"""On an accelerator, whose recurrent kernels round more, probes are silent and still see faults."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
import torch
from torch import _VF, Tensor

from harness.backends import get
from harness.probes import probe
from harness.probes.toolkit.kernels import CUDNN, PLAIN, TOLERANCE, Kernel, vendors_kernel
from harness.probes.toolkit.subject import Subject
from harness.selftest import FAULTS, Fault
from harness.selftest.cases import CASES
from harness.selftest.python_lstm import PythonLSTM, backward, instead

EAGER = [fault for fault in FAULTS if fault.backend == "eager"]
OWN = [name for name, case in CASES.items() if case.model.factory is None and name != "ensemble"]


def off_by(error: float) -> Callable[[Tensor], Tensor]:
    """Return what moves a tensor by a share of its length, the same way for the same numbers."""

    def moved(x: Tensor) -> Tensor:
        digest = hashlib.blake2b(x.detach().float().numpy().tobytes(), digest_size=7).digest()
        generator = torch.Generator().manual_seed(int.from_bytes(digest, "big"))
        noise = torch.randn(x.shape, generator=generator).to(x)
        return torch.add(x, noise, alpha=float(error * x.norm() / noise.norm()))

    return moved


@contextmanager
def noisy_kernel() -> Iterator[None]:
    """Let `nn.LSTM` be off by the largest errors that were measured at its width, TF32 off."""
    right: Callable[..., Any] = _VF.lstm

    def lstm(x: Tensor, *given: Any) -> Any:
        sizes = given[:1] if isinstance(given[0], Tensor) else ()  # of packed batches
        start, parameters, *rest = given[len(sizes) :]
        units = parameters[1].shape[1]
        rows = [row for row in CUDNN if not row.tf32]
        row = ([row for row in rows if row.units <= units] or rows)[-1]
        into = backward(off_by(row.backward_largest))
        out = off_by(row.forward_largest)
        produced = right(
            into(x), *sizes, tuple(map(into, start)), list(map(into, parameters)), *rest
        )
        return tuple(instead(each, out(each.detach())) for each in produced)

    with patch.object(_VF, "lstm", lstm):
        yield


@pytest.fixture(autouse=True)
def _on_an_accelerator(monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow what is allowed there, though the tests run on a CPU."""

    def kernel(_subject: Subject, units: int, *, tf32: bool = False) -> Kernel:
        return vendors_kernel(units, tf32=tf32)

    monkeypatch.setattr(Subject, "kernel", kernel)


@pytest.mark.parametrize("level", ["fast", pytest.param("full", marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", OWN)
def test_no_probe_fails_at_the_rounding_that_was_measured(name: str, level: Any) -> None:
    with noisy_kernel():
        found = probe(CASES[name], get("eager"), "cpu", level)
    assert [each for each in found if each.status == "fail"] == []


@pytest.mark.parametrize("fault", EAGER, ids=lambda fault: fault.name)
def test_a_fault_is_still_caught(fault: Fault) -> None:
    with fault.inject():
        replaced = isinstance(_VF.lstm, PythonLSTM)
    inner, outer = (fault.inject, noisy_kernel) if replaced else (noisy_kernel, fault.inject)
    with inner(), outer():
        found = probe(CASES[fault.case], get("eager"), "cpu", "fast", names=fault.probes)
    assert {each.name for each in found if each.status == "fail"}


def test_the_rounding_that_was_measured_is_an_alarm_on_a_cpu(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Subject, "kernel", lambda *_, **__: PLAIN)
    with noisy_kernel():
        found = probe(CASES["adam"], get("eager"), "cpu", "fast")
    assert {"layers", "modes"} <= {each.name for each in found if each.status == "fail"}


@pytest.mark.parametrize("row", CUDNN)
def test_a_kernel_is_allowed_more_than_was_measured(row: Any) -> None:
    allowed = vendors_kernel(row.units, tf32=row.tf32)
    assert allowed.forward * TOLERANCE >= row.forward_largest
    assert allowed.backward * TOLERANCE >= row.backward_largest
