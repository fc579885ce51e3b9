"""`harness diagnose SCRIPT.py`: run it, watch it, say what is wrong."""
# ruff: noqa: PLC0415 - torch and Keras are imported when they are needed

import argparse
import json
import shutil
import sys
import time
import traceback
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
        "--confirm",
        action="store_true",
        help="run it again with each remedy that can be tried; files that it writes are then those "
        "of the last such run",
    )
    parser.add_argument("script", metavar="SCRIPT.py", help="a PyTorch or Keras training script")
    rest = parser.add_argument(
        "arguments", nargs=argparse.REMAINDER, metavar="ARG", help="its arguments"
    )
    rest.required = False  # argparse counts it among what is missing where SCRIPT.py is


def run(arguments: argparse.Namespace) -> int:
    """Diagnose a script; the exit code says whether a cause was found."""
    path = Path(arguments.script)
    if wrong := _unreadable(path):
        return _nothing(wrong, as_json=arguments.json)
    from harness.diagnosis.confirm import confirm, experiments, input_kept, rerunning
    from harness.diagnosis.session import diagnose_script

    with input_kept(wanted=arguments.confirm) as given:
        began = time.monotonic()
        session = diagnose_script(arguments.script, arguments.arguments)
        answer, ended = session.answer, session.ended
        if answer is None:
            return _nothing(_untrained(path, ended), as_json=arguments.json)
        if arguments.confirm and answer.findings:
            rerun = rerunning(arguments.script, arguments.arguments, given)
            runs = experiments(session, rerun, time.monotonic() - began)
            answer = confirm(answer, runs)
            if runs.interrupted:
                _tell("interrupted: not every remedy was tried")
    _note_end(path, ended)
    _say(answer, path, as_json=arguments.json, confirmed=arguments.confirm)
    if ended.crashed or (ended.code and not answer.findings):
        return FAILED
    return CAUSE if answer.findings else NOTHING


def _unreadable(path: Path) -> str:
    """Why a file cannot be run as a script; nothing if it can."""
    if not path.is_file():
        return f"{path} is a folder, and no script" if path.is_dir() else f"{path} does not exist"
    try:
        compile(path.read_bytes(), str(path), "exec")
    except SyntaxError as error:
        print("".join(traceback.format_exception_only(error)), end="", file=sys.stderr)
        return f"{path} is no Python script: {error}"
    except (OSError, ValueError) as error:
        return f"{path} is no Python script: {error}"
    return ""


def _nothing(message: str, *, as_json: bool) -> int:
    """Say why there is no diagnosis; a program that reads JSON gets its object all the same."""
    _tell(message)
    if as_json:
        print(json.dumps(Diagnosis(runs=0).as_json()))
    return FAILED


def _untrained(path: Path, ended: "Run") -> str:
    if ended.crashed:
        text = f"{path} ended with the exception above ({ended.place}) before anything was trained"
        return f"{text}: {ended.hint}" if ended.hint else text
    text = (
        f"{path} trained nothing that could be watched: no optimizer step of PyTorch, no fit or "
        f"train_on_batch of Keras"
    )
    if ended.replaced:
        return f"{text}. {_replaced(ended)}"
    if not ended.children:
        return text
    return (
        f"{text}. It started {ended.children} "
        f"process{'es' if ended.children > 1 else ''}, and what trains in another process is not "
        f"watched: call the training function in the script's own process"
    )


def _note_end(path: Path, ended: "Run") -> None:
    """Tell of a script that ended early, or says itself that it failed."""
    if ended.crashed:
        _tell(f"{path} ended with the exception above ({ended.place}); until then was seen:")
    elif ended.code:
        _tell(f"{path} ended itself with status {ended.code}")
    elif ended.replaced:
        _tell(f"{_replaced(ended)}: until then was seen:")


def _replaced(ended: "Run") -> str:
    return f"It wanted to put another program in its place, which was not started: {ended.replaced}"


def _tell(message: str) -> None:
    print(f"harness diagnose: {message}", file=sys.stderr)


def _say(answer: Diagnosis, path: Path, *, as_json: bool, confirmed: bool) -> None:
    if as_json:
        print(json.dumps(answer.as_json()))
        return
    from harness.diagnosis.rendering import WIDTH, render

    width = shutil.get_terminal_size((WIDTH, 24)).columns
    unconfirmed = _offer(answer, confirmed=confirmed)
    print(render(answer, path, colour=sys.stdout.isatty(), width=width, unconfirmed=unconfirmed))


def _offer(answer: Diagnosis, *, confirmed: bool) -> str:
    """What to say of a remedy that was not tried: --confirm is offered where it has an edit."""
    if confirmed:
        return IN_VAIN
    from harness.diagnosis.edits import REMEDIES

    return OFFER if answer.primary in REMEDIES else ""


OFFER = "--confirm runs the script again with the edit"
IN_VAIN = "not tried: a second run of the script fails, or has no place for the edit"
