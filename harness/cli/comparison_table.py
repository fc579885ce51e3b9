"""How a command prints its rows: for a terminal, for Markdown, or as JSON."""

import argparse
import json
from collections.abc import Mapping, Sequence
from typing import Any

from tabulate import tabulate

LAYOUTS = {"json": "one JSON document", "markdown": "a table for a pull request"}


def add_layouts(parser: argparse.ArgumentParser) -> None:
    """Declare `--json` and `--markdown`, the layouts for scripts and pull requests."""
    layout = parser.add_mutually_exclusive_group()
    for name, described in LAYOUTS.items():
        layout.add_argument(
            f"--{name}", dest="layout", action="store_const", const=name, help=f"print {described}"
        )


def show(
    layout: str | None, headers: Sequence[str], rows: Sequence[Sequence[str]], records: Any
) -> None:
    """Print rows as a table for a terminal or for Markdown, or the records as JSON.

    Every command that a script may call has both layouts, from here.
    """
    if layout == "json":
        print(json.dumps(_finite(records), indent=2))
    elif layout == "markdown":
        print(tabulate([[_cell(cell) for cell in row] for row in rows], headers, tablefmt="github"))
    else:
        print(tabulate(rows, headers, maxcolwidths=[None] * (len(headers) - 1) + [72]))


def _cell(text: str) -> str:
    """Keep a cell within its row and column."""
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")


def _finite(value: Any) -> Any:
    """Replace what JSON has no number for by ``null``."""
    if isinstance(value, Mapping):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(each) for each in value]
    return None if value in (float("inf"), float("-inf")) or value != value else value  # noqa: PLR0124  # NaN
