"""What reports cost, from the catalogue to ten thousand cases.

    python benchmarks/reports.py reports/latest              # 1, 8 and 80 times its cases
    python benchmarks/reports.py reports/latest 1            # its cases only

Takes the cases of a report again and again, each time under other scenario names. Seconds of
processor time, one thread; the first page also pays for compiling its templates. A run encodes each
case once, as it comes: its later reports cost "JSON again".
"""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from tabulate import tabulate

from harness.report import Encoder, compose, read, terminal
from harness.report.csv_file import csv_file
from harness.report.html import html
from harness.report.markdown import markdown
from harness.report.results import encode
from harness.results.outcome import Outcome

TIMES = (1, 8, 80)


def seconds(task: Callable[[], object]) -> float:
    """Return the processor time that a task takes."""
    start = time.process_time()
    task()
    return time.process_time() - start


def row(outcomes: Sequence[Outcome]) -> list[float]:
    """Return how many cases there are, and the seconds of each step of reporting them."""
    document, encoder = compose({}, outcomes), Encoder()
    tasks: list[Callable[[], object]] = [
        lambda: compose({}, outcomes),
        lambda: terminal(document, 80),
        lambda: markdown(document),
        lambda: csv_file(document),
        lambda: html(document),
        lambda: encode({}, outcomes, (), encoder),
        lambda: encode({}, outcomes, (), encoder),
    ]
    return [len(outcomes), *map(seconds, tasks)]


def main(folder: Path, times: Sequence[int]) -> None:
    """Print a row for each number of cases."""
    _, cases = read(folder)
    rows = [
        row([replace(c, scenario=f"{c.scenario}_{n}") for n in range(each) for c in cases])
        for each in times
    ]
    headings = ["cases", "document", "terminal", "Markdown", "CSV", "HTML", "JSON", "JSON again"]
    print(tabulate(rows, headings, floatfmt=".3g"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(each) for each in sys.argv[2:]] or TIMES)
