"""What is raised where recorded curves cannot be used."""

from pathlib import Path


class CurveError(Exception):
    """A recording cannot be read, accepted or compared; one sentence says where and why."""


def place(path: Path, line: int | None = None) -> str:
    """Write where a mistake is: ``run.csv`` or ``run.csv:12``."""
    return f"{path}:{line}" if line else str(path)
