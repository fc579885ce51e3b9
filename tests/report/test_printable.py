from dataclasses import replace

import pytest

from harness.report import compose, terminal
from harness.report.csv_file import csv_file
from harness.report.document.printable import printable, printable_record
from harness.report.html import html
from harness.report.markdown import markdown
from harness.results.outcome import Outcome
from harness.verdict import Symptom


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, ünïcödé", "plain, ünïcödé"),
        ("two\nlines\tand a tab", "two lines and a tab"),
        ("\x1b[31mred\x07", r"\x1b[31mred\x07"),
        ("\x9b31m", r"\x9b31m"),
        ("half \ud800 a pair", r"half \ud800 a pair"),
        ("\u202eright to left", r"\u202eright to left"),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
    ],
)
def test_what_does_not_show_becomes_an_escape(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_a_record_that_is_printable_stays_the_same_one(evil: Outcome) -> None:
    shown = printable_record(evil)
    assert shown != evil
    assert printable_record(shown) is shown
    assert shown.runs[0].symptom is Symptom.CRASHED
    assert printable_record(evil.runs[0].train_loss) is evil.runs[0].train_loss


def test_nothing_in_a_report_steers_a_terminal_or_cannot_be_written(evil: Outcome) -> None:
    document = compose({"machine": "\x1b[2J"}, [evil, replace(evil, backend="fast")])
    for text in (terminal(document, 80), markdown(document), csv_file(document), html(document)):
        assert all(line.isprintable() for line in text.split("\n"))
        assert text.encode()
