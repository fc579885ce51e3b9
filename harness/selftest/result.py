"""Findings -> the table of what was caught, and whether the gate has passed."""

from collections.abc import Sequence
from dataclasses import dataclass

from tabulate import tabulate

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
        headers = ["surface", "fault", "source", "caught by", "number", "training", "seconds"]
        table = tabulate([_row(found) for found in self.findings], headers, disable_numparse=True)
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
    fault = isinstance(change, Fault)
    surface, source = (change.surface, change.source) if isinstance(change, Fault) else ("", "")
    by, number = ("NOT CAUGHT" if fault else "no alarm"), SILENT
    if found.alarms:
        more = f" +{len(found.alarms) - 1}" if len(found.alarms) > 1 else ""
        by, number = found.alarms[0].signal + more, found.alarms[0].number
    training = found.comparison.status if found.comparison else SILENT
    return [
        surface or "healthy control",
        change.sentence,
        source or SILENT,
        by,
        number,
        training,
        f"{found.seconds:.1f}",
    ]
