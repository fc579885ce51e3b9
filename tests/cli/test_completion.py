"""The shell completes what there is."""

import subprocess

import pytest

from harness.cli.exits import OK
from harness.cli.main import COMMANDS, main


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (["harness", "com"], ["compare", "completion"]),
        (["harness", "compare", "--js"], ["--json"]),
        (["harness", "schema", "r"], ["results"]),
        (["harness", "nonesuch", "--js"], []),
    ],
)
def test_bash_offers_what_fits(
    capsys: pytest.CaptureFixture[str], typed: list[str], offered: list[str]
) -> None:
    assert main(["completion", "bash"]) == OK
    words = " ".join(typed)
    asked = f"COMP_WORDS=({words}); COMP_CWORD={len(typed) - 1}; _harness; printf '%s\\n' "
    script = f'{capsys.readouterr().out}\n{asked}"${{COMPREPLY[@]}}"'
    shown = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert shown == offered


def test_every_command_is_offered(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "zsh"]) == OK
    script = capsys.readouterr().out
    assert script.startswith("autoload")
    assert all(f"      {name}) words=" in script for name in COMMANDS)
