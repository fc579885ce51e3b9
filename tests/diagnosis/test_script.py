"""Scripts that end in ways of their own, run as `harness diagnose` runs them."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from harness.diagnosis.script import Run, run


def ended(folder: Path, text: str) -> Run:
    (folder / "script.py").write_text(text)
    return run(folder / "script.py", [])


LOOP = """
import os, sys, torch
net = torch.nn.Linear(2, 1)
opt = torch.optim.SGD(net.parameters(), 0.1)
for _ in range(3):
    loss = net(torch.ones(4, 2)).square().mean()
    opt.zero_grad(); loss.backward(); opt.step()
"""


@pytest.mark.parametrize(
    ("last", "status"), [("os._exit(0)", 0), ("os._exit(4)", 4), ("sys.exit(3)", 3), ("", 0)]
)
def test_a_script_that_leaves_in_any_way_is_heard_to_its_end(
    tmp_path: Path, last: str, status: int
) -> None:
    done = ended(tmp_path, LOOP + last)
    assert (done.code, done.crashed) == (status, False)
    assert done.listeners.torch.made.updates == 3


def test_a_loss_without_a_graph_shows_the_script_and_the_framework_but_no_frame_of_ours(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = ended(tmp_path, LOOP.replace("loss.backward()", "loss.detach().backward()"))
    shown = capsys.readouterr().err
    assert done.place == "script.py:7"
    assert "does not require grad" in shown
    assert "_tensor.py" in shown
    assert "torch_functions.py" not in shown


NESTED = """
import torch, harness
net = torch.nn.Linear(2, 1)
opt = torch.optim.SGD(net.parameters(), 0.1)
with harness.watch(net, opt) as watch:
    for _ in range(3):
        loss = net(torch.ones(4, 2)).square().mean()
        opt.zero_grad(); loss.backward(); opt.step()
seen = watch.diagnosis.seen
loss = net(torch.ones(4, 2)).square().mean()
loss.backward(); opt.step()
"""


def test_a_watch_in_a_script_that_is_diagnosed_joins_it_and_ends_nothing(tmp_path: Path) -> None:
    done = ended(tmp_path, NESTED)
    assert not done.crashed
    assert done.namespace["seen"].startswith("3 updates")
    assert done.listeners.torch.made.updates == 4


MAIN = """
import pathlib, sys
pathlib.Path("main").write_text(str([
    sys.argv[0], __builtins__.__name__, type(__loader__).__name__, __cached__, __annotations__,
    __package__, __spec__, __doc__, pathlib.Path(__file__), __name__,
]))
"""


def test_a_script_finds_the_same_main_module_as_under_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("script.py").write_text(MAIN)
    run("./script.py", [])
    watched = Path("main").read_text()
    subprocess.run([sys.executable, "./script.py"], check=True)
    assert watched == Path("main").read_text()


LATE = """
import atexit, threading, time
from concurrent.futures import ThreadPoolExecutor
said = []
def left(): raise RuntimeError("left")
atexit.register(said.append, "last")
atexit.register(left)
atexit.register(said.append, "first")
atexit.register(said.clear)
atexit.unregister(said.clear)
def late():
    time.sleep(0.1)
    said.append("thread")
threading.Thread(target=late).start()
pool = ThreadPoolExecutor(1)
pool.submit(late)
"""


@pytest.mark.parametrize("last", ["", "raise SystemExit", "1 / 0"])
def test_threads_are_waited_for_and_what_a_script_registered_is_called(
    last: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = ended(tmp_path, LATE + last)
    assert done.namespace["said"] == ["thread", "thread", "first", "last"]
    shown = capsys.readouterr().err
    assert "Exception ignored in atexit callback: <function left at" in shown
    assert "ending.py" not in shown
    with ThreadPoolExecutor(1) as pool:  # executors of ours still work
        assert pool.submit(int).result() == 0


def test_a_script_that_leaves_at_once_calls_nothing_that_it_registered(tmp_path: Path) -> None:
    text = "import atexit, os\nsaid = []\natexit.register(said.append, 1)\nos._exit(3)\n"
    done = ended(tmp_path, text)
    assert (done.code, done.namespace["said"]) == (3, [])


THREAD = """
import os, threading, time
print("trained")
threading.Timer(0, os._exit, [7]).start()
time.sleep(60)
"""


def test_a_thread_that_ends_the_process_ends_it_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(THREAD)
    command = [sys.executable, "-m", "harness.diagnosis", str(tmp_path / "script.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (7, "trained\n")
    assert done.stderr.splitlines()[-1].startswith("harness: a thread called os._exit(7)")


RESTARTING = """
import os, sys
if "NOTED" not in os.environ:
    os.environ["NOTED"] = "1"
    os.execv(sys.executable, [sys.executable, *sys.argv, "more"])
print("started with", sys.argv[1:])
"""


@pytest.mark.slow
def test_a_script_that_starts_itself_anew_is_watched_anew(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(RESTARTING)
    command = [sys.executable, "-m", "harness.diagnosis", str(tmp_path / "script.py"), "given"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "started with ['given', 'more']\n")
    assert "trained nothing" in done.stderr


@pytest.mark.parametrize(
    "call", ["execvp('true', ['true', '5'])", "execl('/bin/true', 'true', '5')"]
)
def test_another_program_is_not_started_and_what_was_seen_is_kept(
    tmp_path: Path, call: str
) -> None:
    done = ended(tmp_path, f"{LOOP}os.{call}")
    assert (done.code, done.crashed, done.replaced) == (0, False, "true 5")
    assert done.listeners.torch.made.updates == 3


def test_a_program_that_is_not_there_is_missed_as_python_does(tmp_path: Path) -> None:
    done = ended(tmp_path, "import os\nos.execvp('no-such-program', ['no-such-program'])\n")
    assert (done.crashed, done.replaced) == (True, "")


CAUGHT = """
import traceback
try:
    loss.detach().backward()
except RuntimeError:
    traceback.print_exc()
    print(traceback.format_exc())
"""


def test_tracebacks_that_a_script_prints_itself_show_no_frame_of_ours(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended(tmp_path, LOOP + CAUGHT)
    told = capsys.readouterr()
    for shown in (told.out, told.err):
        assert "_tensor.py" in shown
        assert "harness/diagnosis" not in shown
