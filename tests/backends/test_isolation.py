"""What a user's model makes of its process is no other case's business."""

import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from harness.backends import replaced
from harness.backends.isolation import PYTHON, isolated, put, values
from harness.backends.torch.own_module import factory_of
from harness.backends.torch.state import SETTINGS
from harness.execution.job import Job, Work, train
from harness.history import History, Stop
from harness.scenario import load

SCENARIO = """
question = "Does a case train as it does alone?"
[data]
task = "mean_sign"
records = 32
validation_records = 0
[model]
units = [4]
init = "module"
dropout = 0.5
[training]
epochs = 2
[converged]
at_least = 1.0
hold = 3
[[case]]
name = "healthy"
expect = "fails"
[[case]]
name = "hostile"
expect = "fails"
model.factory = "{module}:make"
"""

MODULE = """
import gc, os, random, sys, warnings
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

class Net(nn.Module):
    def __init__(self, features, outputs):
        super().__init__()
        self.lstm = nn.LSTM(features, 3, batch_first=True)
        self.head = nn.Linear(3, outputs)

    def forward(self, x):
        return self.head(F.relu(self.lstm(x)[0][:, -1]))

{at_import}

def make(features, outputs):
    net = Net(features, outputs)
    {at_call}
    return net
"""

STATE = {
    "default dtype": "torch.set_default_dtype(torch.float64)",
    "default device": "torch.set_default_device('meta')",
    "deterministic algorithms": "torch.use_deterministic_algorithms(True, warn_only=True)",
    "grad mode": "torch.set_grad_enabled(False)",
    "inference mode": "net.guard = torch.inference_mode(); net.guard.__enter__()",
    "anomaly mode": "torch.autograd.set_detect_anomaly(True, check_nan=False)",
    "autocast": "torch.autocast('cpu', torch.bfloat16).__enter__()",
    "matmul precision": "torch.set_float32_matmul_precision('medium')",
    "precision of one backend": "torch.backends.mkldnn.matmul.fp32_precision = 'bf16'",
    "oneDNN": "torch.backends.mkldnn.enabled = False",
    "cuDNN": "torch.backends.cudnn.benchmark = True",
    "denormals": "torch.set_flush_denormal(True)",
    "threads": "torch.set_num_threads(2)",
    "random numbers": "torch.manual_seed(5); np.random.seed(5); random.seed(5)",
    "sys.path": "sys.path.insert(0, '/nowhere')",
    "rebound sys.path": "sys.path = []",
    "working directory": "os.chdir('/')",
    "environment": "os.environ['OMP_NUM_THREADS'] = '7'; del os.environ['HOME']",
    "warnings": "warnings.simplefilter('error')",
    "NumPy's errors": "np.seterr(all='raise')",
    "recursion limit": "sys.setrecursionlimit(500)",
    "garbage collection": "gc.disable()",
}

PATCHES = {
    "torch.nn.functional.relu": "F.relu = torch.sigmoid",
    "torch.nn.functional.gelu": "F.gelu = F.softsign",
    "torch.nn.LSTM.forward": "nn.LSTM.forward = lambda self, x: (x, None)",
    "torch.optim.Adam.step": "torch.optim.Adam.step = lambda self, closure=None: None",
    "torch.zeros": "del torch.zeros",
    "torch.Tensor.backward": "torch.Tensor.backward = lambda self: None",
    "numpy.random.default_rng": "np.random.default_rng = lambda seed: None",
}


@pytest.fixture(autouse=True)
def _this_process_s_state() -> Iterator[None]:
    """Should a test fail, the others do not."""
    originals, before = replaced.Originals(), values((*SETTINGS, *PYTHON))
    yield
    originals.put_back()
    put((*SETTINGS, *PYTHON), before)


class Cases:
    """A healthy case and a hostile one, trained in this process."""

    def __init__(self, folder: Path, module: str, at_import: str = "", at_call: str = "") -> None:
        text = MODULE.format(at_import=at_import, at_call=at_call or "pass")
        (folder / f"{module}.py").write_text(text, encoding="utf-8")
        (folder / "two.toml").write_text(SCENARIO.format(module=module), encoding="utf-8")
        self.works = {
            case.name: Work(case, "eager", "cpu") for case in load(folder / "two.toml", "two").cases
        }
        self.note = folder / "note"

    def train(self, name: str, seed: int = 0) -> History:
        job = Job(tuple(self.works[name].members([seed])), self.note)
        [history] = train(job, job.environment)
        return history


def bits(history: History) -> tuple[bytes, bytes]:
    assert history.message == ""
    return history.train_loss.tobytes(), history.first_losses.tobytes()


@pytest.mark.parametrize("when", ["import", "call"])
@pytest.mark.parametrize("what", STATE)
def test_no_state_of_the_process_outlives_the_case_that_set_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, when: str
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    code = STATE[what] if when == "call" else STATE[what].replace("net.guard", "guard")
    cases = Cases(tmp_path, f"hostile_{list(STATE).index(what)}_{when}", **{f"at_{when}": code})
    alone, state = bits(cases.train("healthy")), values((*SETTINGS, *PYTHON))
    filters = list(warnings.filters)
    cases.train("hostile")
    assert values((*SETTINGS, *PYTHON)) == state
    assert (torch.is_grad_enabled(), torch.is_inference_mode_enabled()) == (True, False)
    assert list(warnings.filters) == filters
    assert bits(cases.train("healthy")) == alone


@pytest.mark.parametrize("what", PATCHES)
def test_a_model_that_replaces_a_function_of_all_is_told_so_and_the_function_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    cases = Cases(tmp_path, f"patching_{list(PATCHES).index(what)}", at_call=PATCHES[what])
    alone = bits(cases.train("healthy"))
    history = cases.train("hostile")
    assert history.stopped is Stop.CRASHED
    assert history.message.startswith(f"training replaced {what}, which every other case uses too")
    assert bits(cases.train("healthy")) == alone


def test_what_pytorch_wraps_of_its_own_is_no_replacement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    originals = replaced.Originals()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.compile(torch.nn.Linear(1, 1))
    torch.optim.Adam([torch.zeros(1, requires_grad=True)]).step()
    assert originals.put_back() == []


FRAMEWORK = """
import functools, torch
from torch.nn import functional as F

loss = F.mse_loss


@functools.wraps(loss)
def wrapped(*given, **named):
    return loss(*given, **named)


def patch():
    F.mse_loss = wrapped
    F.relu = lambda x: x.clamp(min=0)
    F.gelu = functools.partial(taken, "gelu")
    torch.nn.Linear = Linear


def taken(name, x):
    return x


class Linear(torch.nn.Linear):
    pass
"""


@pytest.mark.parametrize("mine", [False, True], ids=["a framework", "the user's, installed"])
def test_what_a_framework_replaces_when_it_is_first_used_is_left_and_what_a_user_does_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mine: bool
) -> None:
    for name in ("gelu", "mse_loss", "relu"):  # what stays replaced is put back after this test
        monkeypatch.setattr(torch.nn.functional, name, getattr(torch.nn.functional, name))
    monkeypatch.setattr(torch.nn, "Linear", torch.nn.Linear)
    installed = tmp_path / "lib/site-packages"
    installed.mkdir(parents=True)
    name = f"framework_{mine:d}"
    (installed / f"{name}.py").write_text(FRAMEWORK, encoding="utf-8")
    monkeypatch.syspath_prepend(installed)
    monkeypatch.syspath_prepend(tmp_path)
    patch, module = f"import {name}; {name}.patch()", f"framed_{mine:d}"
    cases = Cases(tmp_path if not mine else installed, module, at_call=patch)
    if not mine:
        history = cases.train("hostile")
        assert history.message == ""
        assert torch.nn.functional.mse_loss.__code__.co_filename == str(installed / f"{name}.py")
        return
    with replaced.originals_kept(may_be_replaced=True, own=[f"{name}:patch"]) as found:
        __import__(name).patch()
    functional = [f"torch.nn.functional.{each}" for each in ("gelu", "mse_loss", "relu")]
    assert found == ["torch.nn.Linear", *functional]


def test_what_a_module_sets_when_it_is_imported_holds_for_each_of_its_seeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "doubles.py").write_text(
        "import os, torch\ntorch.set_default_dtype(torch.float64)\nos.environ['MINE'] = '1'\n"
        "def make():\n    return torch.get_default_dtype(), os.environ.get('MINE')\n"
    )
    state = values((*SETTINGS, *PYTHON))
    for _ in range(2):
        assert factory_of("doubles:make")() == (torch.float64, "1")  # type: ignore[comparison-overlap]
        put((*SETTINGS, *PYTHON), state)
        assert "MINE" not in os.environ
    del sys.modules["doubles"]


def test_random_numbers_of_a_model_come_from_its_seed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    draws = "net.head.weight.data.mul_(np.random.random() * random.random())"
    cases = Cases(tmp_path, "drawing", at_call=draws)
    first, other = bits(cases.train("hostile", 0)), bits(cases.train("hostile", 1))
    assert bits(cases.train("hostile", 0)) == first != other


def test_what_training_warns_of_is_shown_where_warnings_are_errors() -> None:
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("error")
        with isolated():
            warnings.warn("this kernel is slow", stacklevel=1)
        with pytest.raises(UserWarning, match="an error again"):
            warnings.warn("an error again", stacklevel=1)
    assert [str(each.message) for each in shown] == ["this kernel is slow"]


def test_what_training_warns_of_stays_hidden_where_it_is_ignored() -> None:
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("ignore")
        with isolated():
            warnings.warn("this kernel is slow", stacklevel=1)
    assert not shown
