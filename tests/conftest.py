"""pytester runs the plugin as a user meets it: a pytest run of its own, in an empty folder."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytest_plugins = ["pytester"]

if os.environ.pop("PYTEST_XDIST_WORKER", None):
    # pytest-benchmark knows a worker by it, and measures nothing there: the runs that tests make
    # are none. A second thread of one worker would take the core of another.
    os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c_can_arrive() -> Iterator[None]:
    """A shell starts jobs in the background with Ctrl-C ignored, which is how we know workers."""
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the harness from a wheel; return the folder that it is in."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip"]
    build = ["wheel", "-q", "--no-deps", "-w", str(folder), str(ROOT)]
    subprocess.run([*pip, *build], check=True)
    (built,) = folder.glob("*.whl")
    installed = folder / "installed"
    subprocess.run(
        [*pip, "install", "-q", "--no-deps", "-t", str(installed), str(built)], check=True
    )
    return installed
