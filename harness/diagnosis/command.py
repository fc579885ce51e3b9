"""`harness diagnose SCRIPT.py`: run it, watch it, say what is wrong."""
# ruff: noqa: PLC0415 - torch and Keras are imported when they are needed

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from harness.diagnosis.answer import Diagnosis

if TYPE_CHECKING:
    from harness.diagnosis.script import Run

NOTHING, CAUSE, FAILED = 0, 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    parser.add_argument(
        "--confirm", action="store_true", help="run the script again with each remedy"
    )
    parser.add_argument("script", metavar="SCRIPT.py", help="a PyTorch or Keras training script")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARG", help="its arguments")


def run(arguments: argparse.Namespace) -> int:
    """Diagnose a script; the exit code says whether a cause was found."""
    path = Path(arguments.script)
    if not path.is_file():
        return _refuse(f"there is no file {path}")
    try:
        compile(path.read_bytes(), str(path), "exec")
    except (SyntaxError, ValueError) as error:
        return _refuse(f"{path} is no Python script: {error}")
    from harness.diagnosis.session import diagnose_script

    answer, ended = diagnose_script(path, arguments.arguments)
    if answer is None:
        return _refuse(_untrained(path, ended))
    if arguments.confirm and answer.findings:
        from harness.diagnosis.confirm import confirm

        answer = confirm(path, arguments.arguments, answer)
    _note_end(path, ended)
    _say(answer, path, as_json=arguments.json)
    if ended.crashed or (ended.code and not answer.findings):
        return FAILED
    return CAUSE if answer.findings else NOTHING


def _untrained(path: Path, ended: "Run") -> str:
    if ended.crashed:
        return f"{path} ended with the exception above ({ended.place}) before anything was trained"
    return (
        f"{path} trained nothing that could be watched: no optimizer step of PyTorch, no fit or "
        f"train_on_batch of Keras"
    )


def _note_end(path: Path, ended: "Run") -> None:
    """Tell of a script that ended early, or says itself that it failed."""
    if ended.crashed:
        _refuse(f"{path} ended with the exception above ({ended.place}); until then was seen:")
    elif ended.code:
        _refuse(f"{path} ended itself with status {ended.code}")


def _refuse(message: str) -> int:
    print(f"harness diagnose: {message}", file=sys.stderr)
    return FAILED


def _say(answer: Diagnosis, path: Path, *, as_json: bool) -> None:
    sys.stdout.flush()
    if as_json:
        print(json.dumps(answer.as_json()))
        return
    from harness.diagnosis.rendering import render

    print(render(answer, path, colour=sys.stdout.isatty()))
