"""What a case declared, as far as results need it."""

from dataclasses import dataclass

from harness.scenario import Case, OwnCase
from harness.scenario.criterion import Criterion
from harness.scenario.vocabulary import MARGIN, Direction, Pairing
from harness.verdict import FEWEST, Claim, needed_to_confirm


@dataclass(frozen=True, kw_only=True)
class Declaration(Claim):
    """The claim of a case, and what tells its training from another's.

    Attributes:
        scenario: the name of its file.
        case: its name within that file.
        question: what the scenario asks.
        note: what its author wants a reader to know.
        remedies: the case that this one is the cure for.
        criterion: when a run counts as converged.
        fingerprint: of all that decides how a seed trains.
        margin: relative change that the baseline tolerates: of the epochs needed, of a mean.
        pairing: whether the baseline is compared seed by seed, or as a sample of other seeds.
        direction: which change against the baseline fails.
        least_seeds: trained at once, before anything is decided.
        most_seeds: after which an undecided claim is inconclusive.
        workload: cases of a scenario with the same workload share a time a step.
        overrides: how the case differs from what its scenario's cases share, a line a key.
        tags: words that the scenario can be selected by.
    """

    scenario: str
    case: str
    question: str = ""
    note: str = ""
    remedies: str | None = None
    criterion: Criterion
    fingerprint: str
    margin: float = MARGIN
    pairing: Pairing = "seed"
    direction: Direction = "two-sided"
    least_seeds: int = 12
    most_seeds: int = 48
    workload: str
    overrides: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The case's name in results: ``training/learning_rate/too_low``."""
        return f"{self.scenario}/{self.case}"

    @property
    def seeds_to_confirm(self) -> int:
        """The fewest seeds that can confirm the claim."""
        return FEWEST if self.criterion.of_mean else needed_to_confirm([], self.rate)


def declaration(
    case: Case | OwnCase, question: str, fingerprint: str, tags: tuple[str, ...] = ()
) -> Declaration:
    """Return what a case declares; its fingerprint takes reading its data file."""
    return Declaration(
        scenario=case.scenario,
        case=case.name,
        question=question,
        note=case.note,
        remedies=case.remedies,
        expect=case.expect,
        stated=case.diagnosis,
        rate=case.rate,
        criterion=Criterion.of(case.converged),
        fingerprint=fingerprint,
        margin=case.tolerated,
        pairing=case.baseline.pairing,
        direction=case.baseline.direction,
        least_seeds=case.seeds.min,
        most_seeds=case.seeds.max,
        workload=case.workload,
        overrides=case.overrides,
        tags=tags,
    )
