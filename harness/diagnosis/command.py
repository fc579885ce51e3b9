"""`harness diagnose SCRIPT.py`: run it, watch it, say what is wrong."""
# ruff: noqa: PLC0415 - torch and Keras are imported when they are needed

import argparse
import json
import shutil
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
        what = "is a folder, and no script" if path.is_dir() else "does not exist"
        return _refuse(f"{path} {what}")
    try:
        compile(path.read_bytes(), str(path), "exec")
    except (SyntaxError, ValueError) as error:
        return _refuse(f"{path} is no Python script: {error}")
    from harness.diagnosis.confirm import confirm, input_kept
    from harness.diagnosis.session import diagnose_script

    with input_kept(wanted=arguments.confirm) as given:
        answer, ended = diagnose_script(path, arguments.arguments)
        if answer is None:
            return _refuse(_untrained(path, ended))
        if arguments.confirm and answer.findings:
            answer = confirm(path, arguments.arguments, answer, given)
    _note_end(path, ended)
    _say(answer, path, as_json=arguments.json, confirmed=arguments.confirm)
    if ended.crashed or (ended.code and not answer.findings):
        return FAILED
    return CAUSE if answer.findings else NOTHING


def _untrained(path: Path, ended: "Run") -> str:
    if ended.crashed:
        text = f"{path} ended with the exception above ({ended.place}) before anything was trained"
        return f"{text}: {ended.hint}" if ended.hint else text
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


def _say(answer: Diagnosis, path: Path, *, as_json: bool, confirmed: bool) -> None:
    sys.stdout.flush()
    if as_json:
        print(json.dumps(answer.as_json()))
        return
    from harness.diagnosis.rendering import WIDTH, render

    width = shutil.get_terminal_size((WIDTH, 24)).columns
    unconfirmed = IN_VAIN if confirmed else OFFER
    print(render(answer, path, colour=sys.stdout.isatty(), width=width, unconfirmed=unconfirmed))


OFFER = "--confirm runs the script again with the edit"
IN_VAIN = "a run with the edit could not be made from outside"
