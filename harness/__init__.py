"""Does it still learn? Convergence regression tests for PyTorch LSTMs, in pytest."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.diagnosis.engine import diagnose
    from harness.diagnosis.watching import watch

__version__ = "0.1.0"

__all__ = ["diagnose", "watch"]


def __getattr__(name: str) -> object:
    """Load the public functions when they are asked for: torch takes seconds to import."""
    if name == "watch":
        from harness.diagnosis.watching import watch  # noqa: PLC0415  # torch takes seconds

        return watch
    if name == "diagnose":
        from harness.diagnosis.engine import diagnose  # noqa: PLC0415  # as above

        return diagnose
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
