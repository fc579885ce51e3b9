import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, ThreadPoolExecutor
from pathlib import Path

import pytest

from harness.execution import dask_executor, executors
from harness.execution.executors import ExecutorError, Stoppable

DOCUMENT = Path(__file__).parents[2] / "docs/executors.md"


@pytest.fixture(scope="module")
def pool() -> Iterator[Executor]:
    made = executors.make("local", 2)
    yield made
    made.shutdown()


@pytest.fixture
def documented(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install the package of docs/executors.md."""
    text = DOCUMENT.read_text(encoding="utf-8")
    [code] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    [points] = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    install(tmp_path, monkeypatch, code, points)


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, code: str, points: str) -> None:
    """Install a package with a module `lab_executors` and an entry point."""
    [(name, target)] = re.findall(r'^(\w+) = "(.*)"$', points, re.MULTILINE)
    information = folder / "site" / "lab-1.dist-info"
    information.mkdir(parents=True)
    (folder / "site" / "lab_executors.py").write_text(code, encoding="utf-8")
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: lab\nVersion: 1\n")
    (information / "entry_points.txt").write_text(
        f"[{executors.EXECUTORS.group}]\n{name} = {target}\n"
    )
    monkeypatch.delitem(sys.modules, "lab_executors", raising=False)
    monkeypatch.syspath_prepend(folder / "site")


def test_an_unknown_executor_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(ExecutorError, match="unknown executor 'dsk'; did you mean 'dask'"):
        executors.make("dsk=tcp://host:1", 2)


def test_dask_that_is_not_installed_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ExecutorError, match=r"pip install 'convergence-harness\[dask\]'"):
        executors.make("dask=tcp://127.0.0.1:8786", 2)


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ("dask", "dask needs an address: --convergence-executor dask=tcp://host:8786"),
        ("dask=tcp://127.0.0.1:9", "no dask scheduler answers at tcp://127.0.0.1:9: "),
        ("dask=nonsense://127.0.0.1", "'nonsense://127.0.0.1' is no address of a dask scheduler"),
        ("dask=localhost", "'localhost' is no address of a dask scheduler, as tcp://host:8786 is"),
    ],
)
def test_a_scheduler_that_cannot_be_reached_is_named(
    choice: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed", reason="needs the extra dask")
    monkeypatch.setattr(dask_executor, "CONNECT_SECONDS", 1)
    with pytest.raises(ExecutorError, match=re.escape(message)):
        executors.make(choice, 2)


def test_what_is_no_scheduler_is_given_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="needs the extra dask")
    monkeypatch.setattr(dask_executor, "CONNECT_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(ExecutorError, match=f"no dask scheduler answers at {address}"):
            executors.make(f"dask={address}", 2)


@pytest.mark.parametrize(
    ("factory", "message"),
    [
        ("lab_executors:missing", "cannot be loaded: AttributeError: .*missing"),
        ("no_such_module:threads", "cannot be loaded: ModuleNotFoundError: No module named"),
        ("lab_executors:broken", "cannot be loaded: OSError: the cluster is asleep"),
        ("lab_executors:number", "makes an object of type int, not Executor"),
    ],
)
def test_an_executor_that_cannot_be_made_is_named_with_what_it_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, factory: str, message: str
) -> None:
    code = (
        "def broken(workers, address):\n    raise OSError('the cluster is asleep')\n"
        "def number(workers, address):\n    return workers\n"
    )
    install(tmp_path, monkeypatch, code, f'lab = "{factory}"')
    with pytest.raises(ExecutorError, match=rf"executor 'lab' \({factory}\) {message}"):
        executors.make("lab", 2)


def test_local_workers_are_processes_of_one_thread_that_leave_ctrl_c_alone(pool: Executor) -> None:
    assert pool.submit(os.getpid).result() != os.getpid()
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        assert pool.submit(os.getenv, name).result() == "1"
    assert pool.submit(signal.getsignal, signal.SIGINT).result() is signal.SIG_IGN


def test_a_killed_local_worker_breaks_its_pool_and_does_not_hang_it() -> None:
    broken = executors.make("local", 2)
    with pytest.raises(BrokenExecutor):
        broken.submit(signal.raise_signal, signal.SIGKILL).result(60)
    broken.shutdown()


def test_stopping_a_local_pool_does_not_wait_for_what_it_runs() -> None:
    busy = executors.make("local", 2)
    worker = busy.submit(os.getpid).result()
    busy.submit(time.sleep, 600)
    started = time.monotonic()
    busy.shutdown()
    assert time.monotonic() - started < 60
    assert not alive(worker)


def test_workers_end_with_a_test_process_that_was_killed() -> None:
    code = (
        "import os, time; from harness.execution import executors; "
        "pool = executors.make('local', 2); "
        "print(pool.submit(os.getpid).result(), flush=True); "
        "[pool.submit(time.sleep, 600) for _ in range(2)]; time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        worker = int(run.stdout.readline())
        run.kill()
    deadline = time.monotonic() + 30
    while alive(worker):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def alive(pid: int) -> bool:
    """Whether a process runs; a zombie that nobody reaped does not."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat")
        return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def test_an_executor_is_stopped_by_its_own_means() -> None:
    calls: list[str] = []
    pool = Stoppable(ThreadPoolExecutor(1), lambda: calls.append("stopped"))
    assert pool.submit(divmod, 7, 2).result() == (3, 1)
    pool.shutdown(wait=False, cancel_futures=True)
    assert calls == ["stopped"]


@pytest.mark.usefixtures("documented")
def test_the_documented_executor_plugs_in_by_name() -> None:
    assert "threads" in executors.EXECUTORS.names()
    with executors.make("threads", 3) as pool:
        assert isinstance(pool, ThreadPoolExecutor)
        assert pool._max_workers == 3
