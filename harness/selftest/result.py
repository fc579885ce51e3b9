"""Findings -> the table of what was caught, and whether the gate has passed."""

from collections.abc import Sequence
from dataclasses import dataclass

from tabulate import tabulate

from harness.results.comparison import Comparison
from harness.selftest.fault import Fault
from harness.selftest.gate import Finding

SILENT = "-"


@dataclass(frozen=True)
class Result:
    """What the gate said about every fault and every control."""

    findings: Sequence[Finding]

    @property
    def missed(self) -> list[Finding]:
        """Faults at which nothing went off."""
        return [found for found in self._faults if not found.alarms]

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
        return [found for found in self.findings if isinstance(found.change, Fault)]

    @property
    def _controls(self) -> list[Finding]:
        return [found for found in self.findings if not isinstance(found.change, Fault)]

    def __str__(self) -> str:
        trained = any(found.comparison for found in self._faults)
        headers = ["surface", "fault", "source", "caught by", "number", "seconds", "training"]
        widths = [None, 40, 18, 20, None, None, None]
        shown = len(headers) if trained else len(headers) - 1
        rows = [_row(found)[:shown] for found in self.findings]
        table = tabulate(rows, headers[:shown], disable_numparse=True, maxcolwidths=widths[:shown])
        return f"{table}\n\n{self.summary}"

    @property
    def summary(self) -> str:
        """One line: how many faults were caught, and whether controls were silent."""
        faults, controls = len(self._faults), len(self._controls)
        alarms = len(self.false_alarms)
        silent = "no alarm" if not alarms else f"{alarms} FALSE ALARM{'S' * (alarms > 1)}"
        caught = faults - len(self.missed)
        return f"{caught} of {faults} faults caught; {controls} controls, {silent}"


def _row(found: Finding) -> list[str]:
    change = found.change
    by, number = "no alarm", SILENT
    surface, source = "healthy control", SILENT
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
