"""Accepted results: recorded beside their scenarios, and compared with what was measured anew."""

from harness.baseline.comparison import (
    Differences,
    compare,
    compare_baseline,
    compare_reports,
)
from harness.baseline.errors import BaselineError
from harness.baseline.false_discovery import RATE, control_false_discoveries
from harness.baseline.files import FOLDER, load, path_of, save, unwritable
from harness.baseline.orphans import Orphan, orphans, remove
from harness.baseline.record import Baseline, BaselineCase, SeedRecord, accept, record
from harness.baseline.terms import Terms
from harness.baseline.timing import compare_timing

__all__ = [
    "FOLDER",
    "RATE",
    "Baseline",
    "BaselineCase",
    "BaselineError",
    "Differences",
    "Orphan",
    "SeedRecord",
    "Terms",
    "accept",
    "compare",
    "compare_baseline",
    "compare_reports",
    "compare_timing",
    "control_false_discoveries",
    "load",
    "orphans",
    "path_of",
    "record",
    "remove",
    "save",
    "unwritable",
]
