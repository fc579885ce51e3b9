"""The one record of a case that every table, file and picture reads."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from statistics import median
from typing import Any

from pydantic import TypeAdapter

from harness.diagnosis.cases.cause import Cause
from harness.results.comparison import Comparison
from harness.results.declaration import Declaration
from harness.results.interval import wilson_interval
from harness.results.json_border import plain
from harness.results.judged import judged
from harness.results.probe import Probe
from harness.results.schema_1 import upgraded
from harness.results.seed_run import SeedRun
from harness.results.timing import Timing
from harness.verdict import Result, Symptom, Verdict

DERIVED = (
    *("id", "outcome", "sentence", "seeds", "converged", "interval", "epochs_to_converge"),
    *("plateau_epochs", "symptom", "symptoms", "seconds", "seconds_per_step"),
    *("metric", "guess", "guessed_by", "skill"),
)
"""What results.json says of a case besides what an outcome stores."""


@dataclass(frozen=True, kw_only=True)
class Outcome(Declaration):
    """A declared case and what happened to it on one backend; all else follows from that.

    Attributes:
        backend: what trained it.
        device: where.
        runs: of each seed, in seed order.
        probes: numerical checks that were made before training.
        comparison: with the accepted baseline; ``baseline`` in results.json.
        timing: of a step, ``None`` until it was benchmarked.
        diagnosis: ranked causes; empty where none was found, or nobody asked.
        diagnosed_by: how they were found, or why they were not; empty where nobody asked.
        rounding: relative change that float32 rounding alone makes to each of the first losses;
            asked beyond the first, which no step has touched, where they are not those accepted.
        quick: whether so few seeds were a first look on purpose.
        not_judged: why a selected case has no result, whatever was trained of it; empty for one
            that was judged.
        node: pytest's id of the test that trains it.
    """

    backend: str
    device: str
    runs: tuple[SeedRun, ...] = ()
    probes: tuple[Probe, ...] = ()
    comparison: Comparison = field(default_factory=Comparison)
    timing: Timing | None = None
    diagnosis: tuple[Cause, ...] = ()
    diagnosed_by: str = ""
    rounding: tuple[float, ...] = (0.0,)
    quick: bool = False
    not_judged: str = ""
    node: str = ""

    @cached_property
    def verdict(self) -> Verdict:
        """Whether the claim holds over the seeds."""
        if self.not_judged:
            return Verdict("error", self.not_judged)
        return judged(self, self.runs, quick=self.quick, cause=self.cause)

    @property
    def cause(self) -> Cause | None:
        """The likeliest cause of its failure."""
        return self.diagnosis[0] if self.diagnosis else None

    @property
    def outcome(self) -> Result:
        """Pass, fail, inconclusive or error; ``sentence`` says why."""
        result = self.verdict.result
        held = result == "pass" or self._consistent
        return "fail" if held and self.objections else result

    @property
    def accepted(self) -> bool:
        """Whether its test passes: the claim holds, or a first look found nothing against it."""
        return self.outcome == "pass" or (self._consistent and not self.objections)

    @property
    def _consistent(self) -> bool:
        return self.quick and self.verdict.result == "inconclusive"

    @property
    def sentence(self) -> str:
        """Why it passed or did not, for a person."""
        raised = [each for each in self.probes if each.status == "error"]
        unknown = [f"probe {each.name} could not be made: {each.sentence}" for each in raised]
        return "; ".join([*self.objections, self.verdict.sentence, *unknown])

    @property
    def objections(self) -> list[str]:
        """What fails the case even where its claim holds."""
        comparison, timing = self.comparison, self.timing
        slower = timing is not None and timing.comparison.status == "slower"
        return [
            *([timing.comparison.sentence] if timing and slower else []),
            *(f"probe {p.name}: {p.sentence}" for p in self.probes if p.status == "fail"),
            *([f"baseline {comparison.status}: {comparison.sentence}"] * comparison.refused),
        ]

    @property
    def seeds(self) -> int:
        """How many were trained."""
        return len(self.runs)

    @property
    def converged(self) -> int:
        """How many of them converged."""
        return sum(run.converged_at is not None for run in self.runs)

    @property
    def interval(self) -> tuple[float, float]:
        """Of the share of seeds that converge, 95 % (Wilson 1927)."""
        return wilson_interval(self.converged, self.seeds)

    @property
    def epochs_to_converge(self) -> list[int | None]:
        """Of each seed, in seed order; ``None`` for one that did not converge."""
        return [run.converged_at for run in self.runs]

    @property
    def plateau_epochs(self) -> list[int]:
        """Of each seed, in seed order."""
        return [run.plateau for run in self.runs]

    @property
    def symptoms(self) -> dict[Symptom, int]:
        """How the failed seeds failed, and how many did."""
        return Counter(run.symptom for run in self.runs if run.symptom is not None)

    @property
    def symptom(self) -> Symptom | None:
        """The commonest one."""
        found = self.symptoms
        return max(found, key=found.__getitem__, default=None)

    @property
    def metric(self) -> float | None:
        """The judged metric as training ended, the median of the seeds."""
        ended = [next(reversed(run.judged_metric(self.criterion)), None) for run in self.runs]
        return _median(ended)

    @property
    def guess(self) -> float | None:
        """The judged metric of the best trivial guess, the median of the seeds."""
        return _median([run.guess for run in self.runs])

    @property
    def guessed_by(self) -> str:
        """What that guess is, for most seeds."""
        found = Counter(run.guessed_by for run in self.runs if run.guessed_by)
        return max(found, key=found.__getitem__, default="")

    @property
    def skill(self) -> float | None:
        """One minus the error over that guess's, the median of the seeds."""
        return _median([run.skill for run in self.runs])

    @property
    def no_better_than_guessing(self) -> bool:
        """Whether most seeds ended no better than the best trivial guess."""
        return 2 * sum(run.no_better for run in self.runs) > len(self.runs)

    @property
    def seconds(self) -> float:
        """Wall-clock time of all seeds."""
        return round(sum(run.seconds for run in self.runs), 3)

    @property
    def seconds_a_seed(self) -> float:
        """Wall-clock time of a seed, on average."""
        return self.seconds / len(self.runs) if self.runs else 0.0

    @property
    def seconds_per_step(self) -> float | None:
        """As benchmarked, ``None`` where not measured."""
        return self.timing.seconds_per_step if self.timing else None

    def to_dict(self) -> dict[str, Any]:
        """Return the record as results.json holds it: what is stored, and what follows."""
        stored = _RECORD.dump_python(self, mode="json")
        stored["baseline"] = stored.pop("comparison") | {"answer": self.comparison.answer}
        derived = {name: getattr(self, name) for name in DERIVED}
        return {name: plain(value) for name, value in (derived | stored).items()}

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> "Outcome":
        """Rebuild a record, of an older schema too; keys of a later version are passed over.

        Raises:
            pydantic.ValidationError: if ``record`` is not one of ours.
        """
        record = upgraded(record)
        if "baseline" in record:
            record = record | {"comparison": record["baseline"]}
        return _RECORD.validate_python(record)


_RECORD = TypeAdapter(Outcome)


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None
