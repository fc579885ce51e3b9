"""Accepted results: recorded beside their scenarios, and compared with what was measured anew."""

from harness.baseline.comparison import (
    FAILING,
    MARGIN,
    Comparison,
    compare,
    compare_baseline,
    compare_reports,
)
from harness.baseline.errors import BaselineError
from harness.baseline.false_discovery import RATE, settle
from harness.baseline.files import FOLDER, load, path_of, save, unwritable
from harness.baseline.orphans import Orphan, orphans, remove
from harness.baseline.record import Baseline, BaselineCase, SeedRecord, accept, record
from harness.baseline.timing import Timing, TimingComparison, compare_timing

__all__ = [
    "FAILING",
    "FOLDER",
    "MARGIN",
    "RATE",
    "Baseline",
    "BaselineCase",
    "BaselineError",
    "Comparison",
    "Orphan",
    "SeedRecord",
    "Timing",
    "TimingComparison",
    "accept",
    "compare",
    "compare_baseline",
    "compare_reports",
    "compare_timing",
    "load",
    "orphans",
    "path_of",
    "record",
    "remove",
    "save",
    "settle",
    "unwritable",
]
