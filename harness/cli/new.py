"""Write a commented scenario that runs as it is."""

import argparse
import re
from pathlib import Path

from harness.cli.exits import OK, Mistake
from harness.scenario.starter import starter

FOLDER = Path("scenarios")
_NAME = re.compile(r"[A-Za-z0-9_\-]+(/[A-Za-z0-9_\-]+)*")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare its name."""
    parser.add_argument("name", metavar="NAME", help="such as training/warmup")


def run(arguments: argparse.Namespace) -> int:
    """Write the file, unless there is one."""
    name = arguments.name.removesuffix(".toml").removeprefix(f"{FOLDER}/")
    if not _NAME.fullmatch(name):
        raise Mistake(
            f"{arguments.name!r} is no name for a scenario: use letters, digits, _ and -, "
            "with / for folders"
        )
    path = FOLDER / f"{name}.toml"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(starter(path.as_posix()))
    except FileExistsError as error:
        raise Mistake(f"{error.filename}: exists already, and is left as it is") from None
    except OSError as error:
        raise Mistake(f"{path}: cannot be written: {error.strerror}") from None
    print(f"{path}: written; run it with: pytest {path}")
    return OK
