"""Print the JSON Schema of scenario files."""

import argparse
import json

from harness.cli.exits import OK
from harness.scenario.schema import schema


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """Declare nothing: there is one schema."""


def run(_arguments: argparse.Namespace) -> int:
    """Print the schema."""
    print(json.dumps(schema(), indent=2))
    return OK
