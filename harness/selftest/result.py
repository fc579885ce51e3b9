"""Findings -> the table of what was caught, and whether the gate has passed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from textwrap import fill

from tabulate import tabulate

from harness.results.comparison import Comparison
from harness.selftest.fault import Change, Fault
from harness.selftest.gate import Finding
from harness.selftest.sources import addresses, linked

SILENT, CONTROL = "-", "healthy control"

WIDTH = 100
"""Of a line that lists names, in characters."""


@dataclass(frozen=True)
class Result:
    """What the gate said about every fault and every control."""

    findings: Sequence[Finding]

    @property
    def missed(self) -> list[Finding]:
        """Faults at which nothing went off, though they act."""
        return [found for found in self._faults if not found.alarms]

    @property
    def cannot_act(self) -> list[Finding]:
        """Changes that were not made, for they have no effect where they would have been."""
        return [found for found in self.findings if found.cannot_act is not None]

    @property
    def false_alarms(self) -> list[Finding]:
        """Controls at which something went off."""
        return [found for found in self._controls if found.alarms]

    @property
    def passed(self) -> bool:
        """Whether every fault was caught and no control raised an alarm."""
        return not self.missed and not self.false_alarms

    @property
    def _faults(self) -> list[Finding]:
        return [found for found in self._examined if isinstance(found.change, Fault)]

    @property
    def _controls(self) -> list[Finding]:
        return [found for found in self._examined if not isinstance(found.change, Fault)]

    @property
    def _examined(self) -> list[Finding]:
        return [found for found in self.findings if found.cannot_act is None]

    @property
    def headers(self) -> list[str]:
        """Of `rows`; what training said only where faults were trained, as controls always are."""
        headers = ["surface", "fault", "source", "caught by", "number", "seconds"]
        return [*headers, "training"] if any(f.comparison for f in self._faults) else headers

    @property
    def rows(self) -> list[list[str]]:
        """What was examined, a line each."""
        return [_row(found)[: len(self.headers)] for found in self._examined]

    @property
    def linked_rows(self) -> list[list[str]]:
        """The same in Markdown, where each report has its link."""
        return [[*row[:2], linked(row[2]), *row[3:]] for row in self.rows]

    @property
    def records(self) -> list[dict[str, object]]:
        """Every change and what the gate said of it, as JSON holds it."""
        return [
            {
                "name": found.change.name,
                "fault": isinstance(found.change, Fault),
                "sentence": found.change.sentence,
                "sources": addresses(getattr(found.change, "source", "")),
                "alarms": [asdict(alarm) for alarm in found.alarms],
                "training": found.comparison and found.comparison.status,
                "cannot_act": found.cannot_act,
                "seconds": round(found.seconds, 1),
            }
            for found in self.findings
        ]

    def __str__(self) -> str:
        widths = [None, 40, 18, 20, None, None, None][: len(self.headers)]
        table = tabulate(self.rows, self.headers, disable_numparse=True, maxcolwidths=widths)
        return "\n\n".join(filter(None, (table, _left_out(self.cannot_act), self.summary)))

    @property
    def summary(self) -> str:
        """One line: how many faults were caught, and whether controls were silent."""
        faults, controls = len(self._faults), len(self._controls)
        alarms = len(self.false_alarms)
        silent = "no alarm" if not alarms else f"{alarms} FALSE ALARM{'S' * (alarms > 1)}"
        caught = faults - len(self.missed)
        told = f"{caught} of {faults} faults caught; {controls} controls, {silent}"
        left_out = len(self.cannot_act)
        return f"{told}; {left_out} cannot act here" if left_out else told


def _left_out(findings: Sequence[Finding]) -> str:
    """Name the changes that cannot act, under each reason."""
    names = defaultdict(list)
    for found in findings:
        names[found.cannot_act].append(found.change.name)
    told = [
        fill(f"{why}: {', '.join(each)}", WIDTH, initial_indent="  ", subsequent_indent="    ")
        for why, each in names.items()
    ]
    return "\n".join(["cannot act here:", *told]) if told else ""


def listing(changes: Sequence[Change]) -> str:
    """Return a table of faults and controls, with the backend and the probes of each."""
    rows = [
        (change.name, change.surface, change.backend, change.sentence, ", ".join(change.probes))
        if isinstance(change, Fault)
        else (change.name, CONTROL, change.backend, change.sentence, SILENT)
        for change in changes
    ]
    headers = ["name", "surface", "backend", "sentence", "caught by"]
    return tabulate(rows, headers, maxcolwidths=[None, None, None, 44, 30])


def _row(found: Finding) -> list[str]:
    change = found.change
    by, number = "no alarm", SILENT
    surface, source = CONTROL, SILENT
    if isinstance(change, Fault):
        by, surface, source = "NOT CAUGHT", change.surface, change.source
    if found.alarms:
        by, number = ", ".join(alarm.signal for alarm in found.alarms), found.alarms[0].number
    seconds = f"{found.seconds:.1f}"
    return [surface, change.sentence, source, by, number, seconds, _training(found.comparison)]


def _training(comparison: Comparison | None) -> str:
    """Return what the epochs said: ``slower +23 %``."""
    if comparison is None:
        return SILENT
    if comparison.status == "same" or comparison.effect is None:
        return comparison.status
    return f"{comparison.status} {100 * comparison.effect:+.3g} %"
