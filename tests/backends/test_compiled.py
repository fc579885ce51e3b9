"""The compiled step is really compiled, gives the eager curve, and says where it cannot be."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from harness.backends.torch import compiled
from harness.backends.torch.compiled import Compiled, compiling
from harness.backends.torch.eager import Eager
from harness.scenario import Case, load

MISSING = Compiled().unavailable("cpu")
compiles = pytest.mark.skipif(MISSING is not None, reason=str(MISSING))


@pytest.fixture
def case(tmp_path: Path) -> Case:
    path = tmp_path / "case.toml"
    path.write_text(
        'question = "?"\n[data]\ntask = "first_value"\nrecords = 20\nvalidation_records = 10\n'
        "[model]\nunits = [4, 4]\n[training]\nepochs = 3\nbatch_size = 8\n"
        '[converged]\nmetric = "loss"\nat_most = 1e-9\n[[case]]\nname = "a"\nexpect = "fails"\n'
    )
    return load(path, "case").cases[0]


@compiles
@pytest.mark.slow
def test_two_seeds_train_as_eagerly_and_the_second_compiles_nothing(case: Case) -> None:
    torch._dynamo.reset()
    graphs = torch._dynamo.utils.counters["stats"]
    graphs.clear()
    [first] = Compiled().train(case, [0], "cpu", lambda seed, epoch: None)
    compiled_once = graphs["unique_graphs"]
    [second] = Compiled().train(case, [1], "cpu", lambda seed, epoch: None)
    assert graphs["unique_graphs"] == compiled_once > 0
    for history, eager in zip(
        [first, second], Eager().train(case, [0, 1], "cpu", lambda seed, epoch: None), strict=True
    ):
        assert not history.message
        np.testing.assert_allclose(history.first_losses, eager.first_losses, atol=1e-6)
        np.testing.assert_allclose(history.train_loss, eager.train_loss, atol=1e-6)


@compiles
@pytest.mark.slow
def test_one_epoch_counts_its_steps(case: Case) -> None:
    assert Compiled().epoch(case, "cpu")() == 3


def test_settings_are_restored() -> None:
    onednn = torch.backends.mkldnn.enabled
    with compiling(0):
        assert torch._dynamo.config.allow_rnn
        assert not torch.backends.mkldnn.enabled
    assert not torch._dynamo.config.allow_rnn
    assert torch.backends.mkldnn.enabled == onednn


def test_a_missing_compiler_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXX", "no-such-compiler")
    assert "finds no 'no-such-compiler'" in str(Compiled().unavailable("cpu"))


def test_what_pytorch_refuses_to_compile_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_function: Callable[..., object]) -> None:
        raise RuntimeError("torch.compile is not supported here")

    monkeypatch.setattr(torch, "compile", refuse)
    assert Compiled().unavailable("cpu") == "torch.compile is not supported here"


def test_triton_is_needed_for_cuda(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "find_spec", lambda name: None)
    assert "Triton" in str(compiled.compiler_missing("cuda"))


def test_an_absent_device_is_said() -> None:
    assert "torch.device takes no 'tpu'" in str(Compiled().unavailable("tpu"))
