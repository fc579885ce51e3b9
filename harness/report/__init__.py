"""Outcomes -> terminal, Markdown, CSV, JSON, HTML and pictures."""

from harness.report.backends import compare_backends
from harness.report.environment import environment
from harness.report.files import check_writable, write
from harness.report.finished import add
from harness.report.results import ReportError, merge, merge_maps, read, read_maps
from harness.report.terminal import terminal

__all__ = [
    "ReportError",
    "add",
    "check_writable",
    "compare_backends",
    "environment",
    "merge",
    "merge_maps",
    "read",
    "read_maps",
    "terminal",
    "write",
]
