"""Outcomes -> one document -> terminal, Markdown, CSV and HTML; and ``results.json``."""

from harness.report.diagnosis_text import diagnosis_text
from harness.report.document import change, compose, diagnosis, environment, headline, printable
from harness.report.encoder import Encoder
from harness.report.files import check_writable, write
from harness.report.finished import add
from harness.report.results import ReportError, merge, merge_maps, read, read_maps
from harness.report.sparkline import sparkline
from harness.report.step_summary import append_summary
from harness.report.terminal import terminal

__all__ = [
    "Encoder",
    "ReportError",
    "add",
    "append_summary",
    "change",
    "check_writable",
    "compose",
    "diagnosis",
    "diagnosis_text",
    "environment",
    "headline",
    "merge",
    "merge_maps",
    "printable",
    "read",
    "read_maps",
    "sparkline",
    "terminal",
    "write",
]
