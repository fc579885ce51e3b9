"""Whatever a script does to its streams and folder, the answer comes out where it is read."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import harness
from harness.diagnosis.script import run
from harness.diagnosis.streams import streams_kept

TREATMENTS = {
    "closed": "sys.stdout.close()",
    "a log": "sys.stdout = open('log', 'w')",
    "a log that is closed": "sys.stdout = sys.stderr = open('log', 'w'); sys.stdout.close()",
    "wrapped": "sys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding='utf-8')",
    "detached": "sys.stdout = io.TextIOWrapper(sys.stdout.detach(), encoding='utf-8')",
    "nothing": "sys.stdout = sys.stderr = None",
    "file closed": "os.close(sys.stdout.fileno())",
    "another file": "os.dup2(os.open('log', os.O_WRONLY | os.O_CREAT), sys.stdout.fileno())",
    "folder left": "os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone')",
}


ANSWER = """
import sys
from pathlib import Path
from harness.diagnosis.script import run
for path in sorted(Path.cwd().glob("*.py")):
    crashed = run(path.relative_to(Path.cwd()), []).crashed
    print(path.stem, crashed, Path.cwd().name)
    print(path.stem, file=sys.stderr)
"""


def test_what_is_printed_after_scripts_is_read_whatever_they_did_to_their_streams(
    tmp_path: Path,
) -> None:
    for name, text in TREATMENTS.items():
        (tmp_path / f"{name}.py").write_text(f"import io, os, sys\n{text}\n")
    done = subprocess.run(
        [sys.executable, "-c", ANSWER],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(harness.__file__).parents[1])},
    )
    names = sorted(TREATMENTS, key=lambda name: f"{name}.py")
    assert done.stdout.splitlines() == [f"{name} False {tmp_path.name}" for name in names]
    assert done.stderr.splitlines() == names


@pytest.mark.parametrize(
    ("written", "then"),
    [
        ("print('epoch 1', end='\\r')", "\n"),
        ("sys.stdout.write('loss 1')", "\n"),
        ("sys.stdout.buffer.write(b'loss 1')", "\n"),
        ("print('loss 1')", ""),
        ("pass", ""),
    ],
)
def test_an_answer_begins_on_a_line_of_its_own_and_after_no_empty_one(
    written: str, then: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with streams_kept():
        exec(f"import sys; {written}")  # noqa: S102 - one of the above
    sys.stdout.write("{}\n")
    out = capfd.readouterr().out
    assert out.endswith(f"{then}{{}}\n")
    assert not out.endswith("\n\n{}\n")
    assert out.splitlines()[-1] == "{}"


def test_a_scripts_own_name_is_whole_as_python_gives_it_and_its_argument_is_as_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "script.py").write_text("import os, sys\nos.chdir('/')\nname = sys.argv[0]\n")
    ended = run(Path("script.py"), [])
    assert ended.namespace["__file__"] == str(tmp_path / "script.py")
    assert ended.namespace["name"] == "script.py"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("import multiprocessing as m\np = m.Process(target=print); p.start(); p.join()", 1),
        ("import subprocess as s, sys\ns.run([sys.executable, '-c', ''])", 1),
        ("import subprocess as s\ns.run(['true']); s.run('true', shell=True)", 0),
    ],
)
def test_processes_that_may_train_are_counted(text: str, count: int, tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(text)
    assert run(tmp_path / "script.py", []).children == count
