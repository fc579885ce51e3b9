"""A process that runs other code than the run began with trains nothing for it."""

import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest

import harness
from harness.backends.user_source import user_sources
from harness.execution.environment import edited_since, environment
from harness.execution.job import Work
from harness.execution.journal import Journal
from harness.execution.trainer import Trainer
from harness.history import Stop
from harness.scenario import load
from tests.pytest_plugin.runner import QUICK

WORKER = """
import pickle, sys
from pathlib import Path
import harness.execution.job
if len(sys.argv) > 1:
    Path(sys.argv[1]).write_bytes(Path(sys.argv[2]).read_bytes())
function, arguments = pickle.load(sys.stdin.buffer)
sys.stdout.buffer.write(pickle.dumps(function(*arguments)))
"""


class Elsewhere(Executor):
    """A process for each call, with a copy of the harness of its own."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder = folder
        self.command = [sys.executable, "-c", WORKER, *arguments]
        self.environment = {"PYTHONPATH": str(folder), "OMP_NUM_THREADS": "1"}

    def submit(self, fn: Callable[..., Any], /, *given: Any, **_named: Any) -> Any:
        ran = subprocess.run(
            self.command,
            input=pickle.dumps((fn, given)),
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr.decode()
        future: Future[Any] = Future()
        future.set_result(pickle.loads(ran.stdout))  # noqa: S301  # we wrote it
        return future


@pytest.mark.parametrize("put_back", [False, True], ids=["edited", "edited, then put back on disk"])
def test_nothing_is_accepted_from_a_worker_with_an_edited_file_of_ours(
    tmp_path: Path, put_back: bool
) -> None:
    package = Path(harness.__file__).parent
    shutil.copytree(package, tmp_path / "harness", ignore=shutil.ignore_patterns("__pycache__"))
    original, edited = package / "metrics.py", tmp_path / "harness/metrics.py"
    edited.write_bytes(edited.read_bytes() + b"\n# edited\n")
    (tmp_path / "quick.toml").write_text(QUICK, encoding="utf-8")
    work = Work(load(tmp_path / "quick.toml", "quick").cases[0], "keras", "cpu")
    journal = Journal.start(tmp_path / "journal.jsonl")
    files = (str(edited), str(original)) if put_back else ()
    trainer = Trainer(lambda: Elsewhere(tmp_path, *files), 1, journal)
    histories = trainer.histories(work.members(range(2)))
    trainer.close()
    assert [history.stopped for history in histories] == [Stop.CRASHED] * 2
    *_, ours = environment("keras", ())
    assert "the worker has " in histories[0].message
    assert f"{ours}: give it the same code" in histories[0].message
    assert not journal.path.exists() or journal.path.read_bytes() == b""


def test_a_users_module_is_known_with_what_it_imports_and_without_what_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    package = tmp_path / "mine_here"
    (package / "parts").mkdir(parents=True)
    for name, text in {
        "__init__": "raise RuntimeError('this is not to be imported')",
        "model": "import torch, os\nfrom . import layer\nfrom .parts.cell import Cell",
        "layer": "import mine_beside",
        "parts/__init__": "",
        "parts/cell": "from .. import missing",
        "unused": "",
    }.items():
        (package / f"{name}.py").write_text(text, encoding="utf-8")
    (tmp_path / "mine_beside.py").write_text("from mine_here import layer", encoding="utf-8")
    names = [part.partition(" ")[0] for part in user_sources("mine_here.model")]
    assert names == [
        *("mine_beside", "mine_here", "mine_here.layer", "mine_here.model"),
        *("mine_here.parts", "mine_here.parts.cell"),
    ]


def test_an_edit_of_what_a_users_module_imports_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "mine_edited.py").write_text("import mine_part", encoding="utf-8")
    (tmp_path / "mine_part.py").write_text("x = 1", encoding="utf-8")
    begun = environment("keras", ["mine_edited:Net"])
    assert edited_since(["mine_edited:Net"]) is None
    (tmp_path / "mine_part.py").write_text("x = 2", encoding="utf-8")
    assert str(edited_since(["mine_edited:Net"])).startswith(
        "mine_part: edited since the run began"
    )
    assert (
        environment("keras", ["mine_edited:Net"]) == begun
    )  # what this process would have imported
