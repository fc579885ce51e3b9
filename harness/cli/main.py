"""Finds the command, hands it its arguments, and turns its mistakes into an exit code."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NamedTuple, NoReturn

from harness import __version__
from harness.cli.exits import BAD_INPUT, INTERRUPTED, OK, USAGE_ERROR, Mistake
from harness.scenario.vocabulary import nearest


class Command(NamedTuple):
    """A command; its module has `add_arguments(parser)`, and `run(parsed)` gives the exit code.

    ``passes_on``: what follows ``--`` is another program's, and reaches it as ``passed_on``.
    """

    summary: str
    module: str
    mistake: int = USAGE_ERROR
    passes_on: bool = False
    examples: tuple[str, ...] = ()


COMMANDS = {
    "list": Command(
        "print the catalogue of scenarios and cases",
        "harness.cli.list",
        examples=("harness list", "harness list scenarios/training"),
    ),
    "schema": Command(
        "print the JSON Schema of scenario files",
        "harness.cli.schema",
        examples=("harness schema > scenario.schema.json", "harness schema results"),
    ),
    "new": Command(
        "write a commented scenario to start from",
        "harness.cli.new",
        examples=("harness new training/mine", "harness new --from training/learning_rate"),
    ),
    "report": Command(
        "render results again, or merge several runs",
        "harness.cli.report",
        examples=("harness report reports/latest", "harness report shards --into reports/merged"),
    ),
    "compare": Command(
        "compare reports, or curves",
        "harness.cli.compare",
        BAD_INPUT,
        examples=(
            "harness compare reports/before reports/latest",
            "harness compare reports/latest --arms plain clipped",
            "harness compare runs/accepted.json runs/today --tolerance loss=5%",
        ),
    ),
    "ci": Command(
        "train two revisions and compare them",
        "harness.cli.ci.command",
        BAD_INPUT,
        passes_on=True,
        examples=("harness ci origin/main", "harness ci v1.2 HEAD -- tests -k lstm"),
    ),
    "accept": Command(
        "accept curves that later runs are compared with",
        "harness.cli.accept",
        BAD_INPUT,
        examples=("harness accept runs/today --to runs/accepted.json --metric loss",),
    ),
    "diagnose": Command(
        "say why a training script does not learn",
        "harness.diagnosis.command",
        BAD_INPUT,
        examples=("harness diagnose train.py", "harness diagnose --confirm train.py --epochs 5"),
    ),
    "history": Command(
        "show runs over commits, and where they stepped",
        "harness.cli.history",
        BAD_INPUT,
        examples=("harness history", "harness history --since v1.2"),
    ),
    "selftest": Command(
        "prove that the gate catches silent faults",
        "harness.cli.selftest",
        BAD_INPUT,
        examples=("harness selftest --list", "harness selftest --backend ensemble"),
    ),
    "completion": Command(
        "let bash or zsh complete all of these",
        "harness.cli.completion",
        examples=('eval "$(harness completion bash)"',),
    ),
}


class _Parser(argparse.ArgumentParser):
    """Reports a usage error as one line, with pytest's exit code for it; its help has examples."""

    examples: tuple[str, ...] = ()

    def format_help(self) -> str:
        """Return the help; examples stand a line each, however wide the terminal is."""
        lines = ["", "examples:", *(f"  {each}" for each in self.examples), ""]
        return super().format_help() + ("\n".join(lines) if self.examples else "")

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE_ERROR, f"{self.prog}: {message}; see {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. Only its own module is imported."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = _parser()
    name = parser.parse_args(given[:1]).command
    if name not in COMMANDS:
        parser.error(f"unknown command {name!r}{nearest(name, list(COMMANDS))}")
    return _run(name, COMMANDS[name], given[1:])


def _run(name: str, command: Command, arguments: Sequence[str]) -> int:
    module = import_module(command.module)
    parser = _Parser(prog=f"harness {name}", description=module.__doc__)
    parser.examples = command.examples
    module.add_arguments(parser)
    own, passed_on = _split(arguments) if command.passes_on else (arguments, [])
    try:
        code: int = module.run(
            parser.parse_args(own, argparse.Namespace(passed_on=list(passed_on)))
        )
        sys.stdout.flush()
    except Mistake as mistake:
        print(mistake, file=sys.stderr)
        return command.mistake
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    return code


def _split(arguments: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Return what stands before ``--``, and what behind it."""
    at = list(arguments).index("--") if "--" in arguments else len(arguments)
    return arguments[:at], arguments[at + 1 :]


def _parser() -> argparse.ArgumentParser:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:{width}}  {command.summary}" for name, command in COMMANDS.items()]
    parser = _Parser(
        prog="harness",
        description="Does it still learn?",
        epilog="\n".join(["commands:", *lines]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.examples = tuple(COMMANDS[name].examples[0] for name in ("diagnose", "ci", "compare"))
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    parser.add_argument("command", metavar="COMMAND", help="followed by its own arguments")
    return parser
