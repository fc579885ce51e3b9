"""Print the JSON Schema of scenario files, or of results.json."""

import argparse
import json
from collections.abc import Callable
from typing import Any

from harness.cli.exits import OK
from harness.report.results_schema import results_schema
from harness.scenario.schema import schema

SCHEMAS: dict[str, Callable[[], dict[str, Any]]] = {"scenario": schema, "results": results_schema}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which schema."""
    described = "scenario (default): of scenario files; results: of results.json"
    parser.add_argument(
        "of", nargs="?", choices=SCHEMAS, default="scenario", metavar="OF", help=described
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the schema."""
    print(json.dumps(SCHEMAS[arguments.of](), indent=2))
    return OK
