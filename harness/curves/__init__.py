"""Curves that others recorded: read, accepted, and compared with what was accepted."""

from harness.curves.accepted import accepts, is_accepted
from harness.curves.comparison import CurveComparison, compare_curves
from harness.curves.direction import higher_is_better
from harness.curves.errors import CurveError
from harness.curves.metrics import chosen_metrics
from harness.curves.reading import Recording, read_recording

__all__ = [
    "CurveComparison",
    "CurveError",
    "Recording",
    "accepts",
    "chosen_metrics",
    "compare_curves",
    "higher_is_better",
    "is_accepted",
    "read_recording",
]
