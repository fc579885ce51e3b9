"""Two cases of one run: is the second better than the first, by how much, how surely?"""

from dataclasses import dataclass
from typing import Any, Literal

from harness.baseline.comparison import Differences, compare_seeds
from harness.baseline.errors import BaselineError
from harness.baseline.false_discovery import MEASURES, RATE, percent
from harness.baseline.record import accept, seed_records
from harness.baseline.significance import Difference
from harness.baseline.terms import Terms
from harness.results.outcome import Outcome

Row = tuple[str, str, str, str]


@dataclass(frozen=True)
class Arms:
    """What two cases differ by.

    Attributes:
        names: of the first and the second.
        converged: how many seeds of each did, and how many there were.
        found: the differences of the second from the first, without a margin.
    """

    names: tuple[str, str]
    converged: tuple[tuple[int, int], tuple[int, int]]
    found: Differences

    @property
    def answer(self) -> Literal["better", "worse", "not sure"]:
        """What the second is, at the gate's rate."""
        if self.found.p_value > RATE:
            return "not sure"
        return "better" if self.found.p_faster < self.found.p_slower else "worse"

    @property
    def record(self) -> dict[str, Any]:
        """All of it for a program; effects are relative changes, ``null`` of a share of seeds."""
        first, second = self.names
        measures = [
            {
                "measure": each.measure,
                "effect": each.effect,
                "interval": each.interval,
                "p_value": _two_sided(each),
            }
            for each in self.found.measures
        ]
        return {
            "first": first,
            "second": second,
            "answer": self.answer,
            "p_value": self.found.p_value,
            "paired": self.found.paired,
            "converged": dict(zip(("first", "second"), self.converged, strict=True)),
            "measures": measures,
            "sentence": self.sentence,
        }

    @property
    def sentence(self) -> str:
        """Whether the second is better, with its certainty."""
        first, second = self.names
        p_value = self.found.p_value
        how = "paired by seed" if self.found.paired else "as samples of different seeds"
        seeds = " v ".join(str(count) for count in reversed(self.found.seeds))
        if self.answer == "not sure":
            said = f"no difference between {first} and {second} is sure"
        else:
            said = f"{second} is {self.answer} than {first}"
        return f"{said} (p = {p_value:.2g}, {seeds} seeds {how}; sure is p <= {RATE:g})"

    @property
    def rows(self) -> list[Row]:
        """A row a measure: its name, the second arm's relative change, its interval and p-value."""
        return [self._row(each) for each in self.found.measures]

    def _row(self, measure: Difference) -> Row:
        p_value = f"{_two_sided(measure):.2g}"
        if measure.effect is None or measure.interval is None:
            shares = " -> ".join(f"{converged}/{seeds}" for converged, seeds in self.converged)
            return ("seeds that converge", shares, "", p_value)
        interval = " to ".join(map(percent, measure.interval))
        return (MEASURES[measure.measure], percent(measure.effect), interval, p_value)


def _two_sided(measure: Difference) -> float:
    return min(1.0, 2 * min(measure.p_slower, measure.p_faster))


def compare_arms(first: Outcome, second: Outcome) -> Arms:
    """Compare two cases of one report, whose settings may differ.

    Seeds that both trained are compared in pairs: they share what is drawn from a seed.

    Raises:
        BaselineError: if the two are judged by different criteria, or a seed of either crashed.
    """
    if str(first.criterion) != str(second.criterion):
        raise BaselineError(
            f"{first.case} is judged by {first.criterion}, {second.case} by {second.criterion}: "
            "only cases of one criterion can be compared"
        )
    for each in (first, second):
        if each.outcome == "error":
            raise BaselineError(f"{each.case} has no result to compare: {each.sentence}")
    accepted = accept(first)
    terms = Terms(margin=0.0, upward=Terms.of(first).upward)
    new = seed_records(second, accepted.loss_level)
    found = compare_seeds(new, accepted.seeds, (), terms)
    converged = tuple((each.converged, each.seeds) for each in (first, second))
    return Arms((first.case, second.case), (converged[0], converged[1]), found)
