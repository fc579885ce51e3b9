"""Write a commented scenario that runs as it is, or a shipped one to start from."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from harness.catalogue import PACKAGE, catalogue
from harness.cli.exits import OK, Mistake
from harness.scenario import schema
from harness.scenario.scenario_files import files_below, name_of
from harness.scenario.starter import starter
from harness.scenario.vocabulary import nearest

FOLDER = Path("scenarios")
_NAME = re.compile(r"[A-Za-z0-9_\-]+(/[A-Za-z0-9_\-]+)*")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare its name, and the shipped scenario that it is copied from."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="such as training/warmup")
    described = "a shipped scenario, such as training/learning_rate; harness list names them"
    parser.add_argument("--from", dest="source", metavar="SCENARIO", help=described)


def run(arguments: argparse.Namespace) -> int:
    """Write the file, unless there is one, and copy what a shipped one reads beside it."""
    given = arguments.source if arguments.name is None else arguments.name
    if given is None:
        raise Mistake("name the scenario, such as training/warmup, or --from a shipped one")
    name = given.removesuffix(".toml").removeprefix(f"{FOLDER}/")
    if not _NAME.fullmatch(name):
        raise Mistake(
            f"{given!r} is no name for a scenario: use letters, digits, _ and -, with / for folders"
        )
    path = FOLDER / f"{name}.toml"
    files = dict(_files(name, path, arguments.source))
    for target in files:
        if target.exists():
            raise Mistake(f"{target}: exists already, and is left as it is")
    _write(FOLDER / schema.FILE, schema.text().encode(), mode="wb")  # ours, and of this version
    for target, content in files.items():
        _write(target, content)
    print(f"{path}: written; run it with: pytest {path}")
    return OK


def _files(name: str, path: Path, source: str | None) -> Iterator[tuple[Path, bytes]]:
    """Yield each file to be written with its content; the scenario last, once it can run."""
    if source is None:
        yield path, starter(name).encode()
        return
    scenario = _shipped(source.removesuffix(".toml"))
    text = scenario.read_text(encoding="utf-8")
    for beside in sorted(scenario.parent.iterdir()):
        if beside.suffix != ".toml" and beside.is_file() and _is_read(beside, text):
            yield path.with_name(beside.name), beside.read_bytes()
    yield path, re.sub(r"\A#:schema .*", schema.directive(name), text).encode()


def _is_read(beside: Path, text: str) -> bool:
    """Whether a scenario names this data file, or this module as in `module:function`."""
    return f'"{beside.name}"' in text or (beside.suffix == ".py" and f'"{beside.stem}:' in text)


def _shipped(name: str) -> Path:
    """Return the shipped scenario of this name."""
    try:
        folder = catalogue()
    except FileNotFoundError as error:
        raise Mistake(str(error)) from None
    known = {name_of(path, [folder]): path for path in files_below(folder)}
    if name not in known:
        raise Mistake(f"{name!r} is no scenario of {PACKAGE}{nearest(name, list(known))}")
    return known[name]


def _write(path: Path, content: bytes, mode: Literal["xb", "wb"] = "xb") -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open(mode) as file:
            file.write(content)
    except FileExistsError as error:
        raise Mistake(f"{error.filename}: exists already, and is left as it is") from None
    except OSError as error:
        raise Mistake(f"{path}: cannot be written: {error.strerror}") from None
