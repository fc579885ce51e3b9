"""A scenario file to put a mistake into, and the mistakes that are found in it."""

from pathlib import Path

import pytest

from harness.scenario import ScenarioError, load

SHARED = """\
question = "What happens?"
[data]
task = "first_value"
[converged]
at_least = 1.0
"""
CASE = """\
[[case]]
name = "first"
expect = "fails"
"""


def mistakes(path: Path, text: str | bytes) -> list[str]:
    """Return the mistakes in a file, each as ``line: field: sentence``."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ScenarioError) as raised:
        load(path, "training/example")
    return [str(problem).removeprefix(f"{path}:").strip() for problem in raised.value.problems]
