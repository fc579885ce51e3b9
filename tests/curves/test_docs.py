"""What docs/curves.md tells to run does what it says."""

import re
import shlex
from pathlib import Path

import pytest

from harness.cli.exits import OK, REGRESSION
from harness.cli.main import main
from tests.curves.canned import falling, json_lines

PAGE = Path(__file__).parents[2] / "docs" / "curves.md"


@pytest.mark.parametrize(("level", "code"), [(1.0, OK), (1.05, REGRESSION)])
def test_the_commands_accept_a_run_and_gate_a_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, level: float, code: int
) -> None:
    monkeypatch.chdir(tmp_path)
    json_lines(tmp_path / "run", falling(0))
    json_lines(tmp_path / "new", falling(1, level=level))
    block = re.findall(r"```sh\n(harness accept .*?)```", PAGE.read_text("utf-8"), re.DOTALL)[0]
    lines = [shlex.split(line, comments=True) for line in block.splitlines()]
    assert all(program == "harness" for program, *_ in lines)
    assert [main(arguments) for _, *arguments in lines] == [OK, code]
