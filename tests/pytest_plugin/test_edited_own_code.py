"""Own code is what the run began with until its last probe is made, or its case is an error."""

import os
from contextlib import suppress
from pathlib import Path

import pytest

from harness.backends.replaced import originals_kept
from harness.execution.environment import edited_files
from harness.execution.job import Work
from harness.pytest_plugin.sending import code_below
from harness.scenario import load
from harness.scenario.source import source
from tests.pytest_plugin.runner import QUICK, Runner

HEAD = QUICK.partition("remedies")[0]
OWN_DATA = HEAD.replace(
    'task = "first_value"\nrecords = 64\nvalidation_records = 0\nnoise = 1',
    'factory = "{module}:records"\nvalidation_records = 0',
)
OWN_LOSS = HEAD + 'training.loss = "{module}:loss"\n'

MODULE = """
import sys
from pathlib import Path
import numpy as np
from torch import nn

def probed():
    frame = sys._getframe()
    while frame is not None and frame.f_globals["__name__"] != "harness.flow.examination":
        frame = frame.f_back
    return frame is not None

def edit():
    if probed():
        Path(__file__).write_text("edited = True")

def loss(outputs, targets):
    edit()
    return nn.functional.cross_entropy(outputs, targets)

def records(seed):
    edit()
    draws = np.random.default_rng(seed)
    x = draws.integers(0, 2, (64, 3, 1)) * 2.0 - 1
    return x, (x[:, 0, 0] > 0).astype(int)
"""


@pytest.mark.parametrize(
    ("scenario", "module"), [(OWN_DATA, "edits_data"), (OWN_LOSS, "edits_loss")]
)
def test_an_edit_after_the_last_seed_is_its_cases_error(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, scenario: str, module: str
) -> None:
    monkeypatch.syspath_prepend(runner.folder)
    (runner.folder / f"{module}.py").write_text(MODULE, encoding="utf-8")
    runner.scenario(scenario.replace("{module}", module))
    runner("scenarios", "-ktrain").assert_outcomes(failed=1)
    [case] = runner.cases()
    assert (case["outcome"], case["converged"]) == ("error", 12)
    assert case["sentence"].startswith(f"{module}: edited since the run began")


def test_what_a_worker_runs_of_own_data_and_losses_is_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "verified.py").write_text(MODULE, encoding="utf-8")
    for text in (OWN_DATA, OWN_LOSS):
        (tmp_path / "own.toml").write_text(text.replace("{module}", "verified"), encoding="utf-8")
        work = Work(load(tmp_path / "own.toml", "own").cases[0], "eager", "cpu")
        *others, digest = work.environment
        assert digest.startswith("verified ")
        assert work.refused(work.environment) is None
        told = work.refused((*others, "verified 0"))
        assert told is not None
        assert told.startswith(f"the worker has {digest}, not verified 0: give it the same code")


def test_files_of_own_code_are_compared_with_what_the_run_began_with(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("a = 1")
    begun = source(module, loaded=True)._replace(loaded_by=0)
    assert edited_files([begun]) is None
    module.write_text("a = 2")
    assert str(edited_files([begun])).startswith("module.py: edited since the run began")
    later = source(module, loaded=True)._replace(loaded_by=0)
    assert edited_files([later]) == (
        "the worker has loaded module.py as it was before an edit: restart it"
    )
    assert edited_files([later._replace(loaded_by=os.getpid())]) is None
    module.unlink()
    assert edited_files([begun._replace(loaded_by=None)]) is None


def test_the_code_of_a_test_is_every_module_of_its_project_that_is_loaded() -> None:
    names = {each.path.name for each in code_below(Path(__file__).parents[2])}
    assert {Path(__file__).name, "runner.py", "sending.py"} <= names


def test_a_replaced_function_is_put_back_whatever_is_raised() -> None:
    import math  # noqa: PLC0415  # what is replaced, for the length of this test

    original = math.sin
    with suppress(ValueError), originals_kept(may_be_replaced=True) as found:
        math.sin = math.cos
        raise ValueError
    assert math.sin is original
    assert found == ["math.sin"]
