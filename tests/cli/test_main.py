"""The command line explains itself, and says in one line what it cannot do."""

import json
import os
import subprocess
import sys
from importlib.metadata import version

import pytest

from harness.cli.exits import OK, USAGE_ERROR
from harness.cli.main import COMMANDS, main
from tests.cli.outcomes import Text, one_line_on_stderr
from tests.docs.commands import problem


def test_schema_is_json(capsys: Text) -> None:
    assert main(["schema"]) == OK
    assert json.loads(capsys.readouterr().out)["required"] == ["question", "case"]
    assert main(["schema", "results"]) == OK
    assert json.loads(capsys.readouterr().out)["title"] == "convergence results"


@pytest.mark.parametrize(
    "arguments", [[], ["lst"], ["list", "--wide"], ["compare"], ["report"]], ids=str
)
def test_a_usage_error_is_one_line_and_exits_like_pytests(
    capsys: Text, arguments: list[str]
) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert exit_.value.code == USAGE_ERROR
    assert "--help" in one_line_on_stderr(capsys)


def test_help_names_every_command(capsys: Text) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["--help"])
    assert exit_.value.code == OK
    printed = capsys.readouterr().out
    assert all(f"  {name} " in printed for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(capsys: Text, name: str) -> None:
    with pytest.raises(SystemExit) as exit_:
        main([name, "--help"])
    assert exit_.value.code == OK
    assert capsys.readouterr().out.startswith(f"usage: harness {name} ")


def test_a_mistyped_command_is_told_the_nearest_one(capsys: Text) -> None:
    with pytest.raises(SystemExit):
        main(["comapre", "a", "b"])
    assert "unknown command 'comapre'; did you mean 'compare'?" in one_line_on_stderr(capsys)


def test_version_is_the_package_s(capsys: Text) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["--version"])
    assert exit_.value.code == OK
    assert capsys.readouterr().out == f"harness {version('convergence-harness')}\n"


def test_output_into_a_closed_pipe_is_quiet() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [
        sys.executable,
        "-c",
        "import sys; from harness.cli.main import main; sys.exit(main())",
    ]
    done = subprocess.run(
        [*command, "schema"], stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (OK, "")


@pytest.mark.parametrize("name", COMMANDS)
def test_help_shows_examples_that_exist(name: str, capsys: Text) -> None:
    with pytest.raises(SystemExit):
        main([name, "--help"])
    shown = capsys.readouterr().out
    examples = COMMANDS[name].examples
    assert examples
    assert [each for each in examples if f"\n  {each}\n" not in shown] == []
    plain = [each.removeprefix('eval "$(').removesuffix(')"') for each in examples]
    assert [told for each in plain if (told := problem(each, {"train.py"}))] == []
