"""`harness diagnose SCRIPT.py`: run it, watch it, say what is wrong."""
# ruff: noqa: PLC0415 - torch and Keras are imported when they are needed

import argparse
import json
import sys
from pathlib import Path

from harness.diagnosis.answer import Diagnosis

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

    answer, run_ = diagnose_script(path, arguments.arguments)
    if answer is None:
        if run_.crashed:
            return _refuse(f"{path} ended with the exception above before anything was trained")
        return _refuse(
            f"{path} trained nothing that could be watched: no optimizer step of PyTorch, no fit "
            f"or train_on_batch of Keras"
        )
    if arguments.confirm and answer.findings:
        from harness.diagnosis.confirm import confirm

        answer = confirm(path, arguments.arguments, answer)
    _say(answer, path, as_json=arguments.json)
    if run_.crashed:
        return FAILED
    return CAUSE if answer.findings else NOTHING


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
