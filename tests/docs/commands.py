"""Whether a command that a document shows exists, with its options: nothing is run."""

import argparse
import re
import shlex
import tomllib
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise

from harness.cli.main import COMMANDS
from harness.pytest_plugin.options import OPTIONS
from tests.docs.blocks import ROOT

FLAGS = {option.flag: option for option in OPTIONS}
PYTEST = {"-k", "-m", "-n", "-q", "-v", "-x", "-p", "--lf", "--collect-only", "--pyargs"}
"""Options of pytest's own, and of xdist, that documents show."""

ELSEWHERE = {"cat", "cd", "dask", "git", "mkdocs", "taplo"}
"""Programs whose options are not ours to check."""


def problem(line: str, files: set[str]) -> str | None:
    """Return what is wrong with a command line, ``None`` if nothing is.

    Args:
        line: what is typed.
        files: that its document shows.
    """
    words = shlex.split(re.sub(r"[<>]+ ?\S+", "", line), comments=True)
    for command in " ".join(shlex.quote(word) for word in words).split(" '&&' "):
        told = _problem(shlex.split(command), files)
        if told:
            return f"{line}: {told}"
    return None


def _problem(words: list[str], files: set[str]) -> str | None:
    while words and (words[0] == "time" or re.fullmatch(r"[A-Z_]+=\S*", words[0])):
        words = words[1:]
    program, *given = [words[0].rpartition("/")[2], *words[1:]] if words else [""]
    check = {
        "pytest": _pytest,
        "harness": _harness,
        "python": _python,
        "python3": _python,
        "pip": _pip,
        "tox": _tox,
    }.get(program)
    if check is None:
        return None if program in ELSEWHERE else f"{program} is no program that is known"
    return check(given, files)


def _pytest(given: Sequence[str], files: set[str]) -> str | None:
    for position, word in enumerate(given):
        flag, _, value = word.partition("=")
        if flag in FLAGS:
            option = FLAGS[flag]
            if option.kind != "bool":
                option.parse(value or given[position + 1])
        elif flag.startswith("-") and flag not in PYTEST:
            return f"{flag} is no option"
        elif word.startswith(("scenarios/", "tests/")) and not _there(
            word.partition("::")[0], files
        ):
            return f"{word} is not there"
    return None


def _there(path: str, files: set[str]) -> bool:
    return (ROOT / path).exists() or any(each.startswith(path.rstrip("/")) for each in files)


def _harness(given: Sequence[str], files: set[str]) -> str | None:
    name, *arguments = given
    if name in ("--help", "--version"):
        return None
    if name not in COMMANDS:
        return f"{name} is no command"
    if COMMANDS[name].passes_on and "--" in arguments:
        at = arguments.index("--")
        if told := _pytest(arguments[at + 1 :], files):
            return told
        arguments = arguments[:at]
    parser = argparse.ArgumentParser(exit_on_error=False)
    import_module(COMMANDS[name].module).add_arguments(parser)
    try:
        parser.parse_args(arguments)
    except (argparse.ArgumentError, SystemExit) as error:
        return str(error)
    return None


def _python(given: Sequence[str], files: set[str]) -> str | None:
    if given[0] == "-m":
        return None if find_spec(given[1]) else f"there is no module {given[1]}"
    script, *arguments = given
    if script in files:
        return None
    if not (ROOT / script).is_file():
        return f"{script} is not there"
    text = (ROOT / script).read_text(encoding="utf-8")
    unknown = [each for each in arguments if each.startswith("--") and f'"{each}"' not in text]
    return f"{script} takes no {unknown[0]}" if unknown else None


def _pip(given: Sequence[str], _files: set[str]) -> str | None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for extra in re.findall(r"(?:convergence-harness|\.)\[([\w,-]+)\]", " ".join(given)):
        if extra not in project["optional-dependencies"]:
            return f"there is no extra {extra}"
    return None


def _tox(given: Sequence[str], _files: set[str]) -> str | None:
    text = (ROOT / "tox.ini").read_text(encoding="utf-8")
    names = [each for flag, each in pairwise(given) if flag == "-e"]
    unknown = [name for name in names if name.rpartition("-")[2] not in text]
    return f"there is no environment {unknown[0]}" if unknown else None
