"""What a report was made with."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from harness.execution.journal import PACKAGES

EXTRAS = ("keras", "jax", "tensorflow")
"""Named where they are installed."""


def environment() -> dict[str, str | int]:
    """Return date, versions and machine; nothing heavy is imported to learn them."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        **{
            package.removeprefix("convergence-"): _version(package) or "not installed"
            for package in PACKAGES
        },
        **{name: number for name in EXTRAS if (number := _version(name))},
        "python": platform.python_version(),
        "platform": platform.platform(terse=True),
        "processor": _processor(),
        "cores": _cores(),
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _processor() -> str:
    """Return the processor's model; Linux tells it only in ``/proc/cpuinfo``."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return next(filter(None, [*models, platform.processor(), platform.machine()]), "unknown")


def _cores() -> int:
    """Return how many cores this process may use, which containers limit."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
