"""What the second of two revisions does differently, case by case, and which of it is worse."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal, get_args

from harness.baseline import compare_reports, control_false_discoveries
from harness.cli.ci.repository import Revision
from harness.report import change, headline, printable
from harness.results.comparison import Comparison
from harness.results.json_border import plain
from harness.results.outcome import Outcome

Kind = Literal[
    "worse",
    "only in base",
    "not comparable",
    "changed",
    "better",
    "only in head",
    "same",
    "identical",
]

KINDS: tuple[Kind, ...] = get_args(Kind)
"""In the order in which they matter to who reviews the change."""

ANSWERS: dict[str | None, Kind] = {
    "identical": "identical",
    "same": "same",
    "changed": "changed",
    "improved": "better",
    "regressed": "worse",
}

RESULTS = ("pass", "inconclusive", "fail", "error")
"""From good to bad."""

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Change:
    """A case, what became of it in either revision, and how the two differ.

    Attributes:
        name: of the case, with its backend where several were asked for.
        base, head: its outcomes; ``None`` where a revision has no such case.
        found: the comparison of the two.
        against: what the sentence calls the first revision.
    """

    name: str
    base: Outcome | None
    head: Outcome | None
    found: Comparison
    against: str

    @property
    def kind(self) -> Kind:
        """What the change is; a claim that held before and does not any more is worse."""
        if self.head is None or self.base is None:
            return "only in base" if self.head is None else "only in head"
        if self.breaks:
            return "worse"
        kind = ANSWERS.get(self.found.answer, "not comparable")
        if self.found.direction == "faster" and self.found.answer in ("regressed", "improved"):
            return "better" if kind == "worse" else "worse"
        return kind

    @property
    def breaks(self) -> bool:
        """Whether its own test ends worse than it did."""
        if self.base is None or self.head is None:
            return False
        return RESULTS.index(self.head.outcome) > RESULTS.index(self.base.outcome)

    @cached_property
    def sentence(self) -> str:
        """What a reviewer should know of it."""
        if self.base is None or self.head is None:
            held = self.head or self.base
            return printable(headline(held)) if held else ""
        told = self._compared(self.base, self.head)
        if not self.breaks:
            return printable(told)
        was = f"was {self.base.outcome}, is {self.head.outcome}: {headline(self.head)}"
        return printable(f"{told}; {was}" if self.found.tested else was)

    def _compared(self, base: Outcome, head: Outcome) -> str:
        """Say how the two outcomes differ."""
        if base.fingerprint != head.fingerprint:
            return f"what it trains is declared otherwise than in {self.against}"
        if self.kind == "identical":
            return "bit for bit"
        if self.kind in ("same", "not comparable"):
            return self.found.sentence
        return change(self.found, head.criterion, self.against)

    def record(self) -> dict[str, Any]:
        """Return it for a program."""
        sides = {"base": self.base, "head": self.head}
        outcomes = {name: side.outcome if side else None for name, side in sides.items()}
        told = {"case": self.name, "change": self.kind, "sentence": self.sentence, **outcomes}
        return told | {"comparison": plain(asdict(self.found))}


@dataclass(frozen=True)
class Changes:
    """All of them; those that matter most come first."""

    base: Revision
    head: Revision
    cases: tuple[Change, ...]

    @property
    def counts(self) -> Counter[Kind]:
        """How many changes there are of each kind."""
        return Counter(each.kind for each in self.cases)

    @property
    def worse(self) -> list[Change]:
        """What a reviewer must not overlook."""
        return [each for each in self.cases if each.kind == "worse"]

    @property
    def nothing_compared(self) -> bool:
        """Whether no case says anything of the change."""
        return set(self.counts) <= {"only in base", "only in head", "not comparable"}

    @property
    def failed(self) -> bool:
        """Whether the change should not be merged as it is."""
        return bool(self.worse) or self.nothing_compared

    @property
    def headline(self) -> str:
        """The answer in a sentence."""
        count, known = len(self.cases), self.counts
        cases = f"{count} case{'s' * (count > 1)}"
        if first := next(iter(self.worse), None):
            verb = "case trains" if count == 1 else "cases train" + "s" * (known["worse"] == 1)
            return f"{known['worse']} of {count} {verb} worse: {first.name} {first.sentence}"
        if self.nothing_compared:
            return f"nothing could be compared of {cases}: {self._counted()}"
        if known["identical"] == count:
            return f"identical: {cases} trained bit for bit as in {self.base}"
        return f"no regression in {cases}: {self._counted()}"

    def _counted(self) -> str:
        return ", ".join(f"{self.counts[kind]} {kind}" for kind in KINDS if self.counts[kind])


def changes(
    base: Revision, head: Revision, was: Sequence[Outcome], now: Sequence[Outcome]
) -> Changes:
    """Compare the outcomes of two revisions; the same seeds are compared in pairs."""
    both = {_key(each): each for each in was}, {_key(each): each for each in now}
    shared = [key for key in both[1] if key in both[0]]
    pairs = [tuple(side[key] for key in shared) for side in both]
    compared = compare_reports(*pairs) if shared else []
    found = control_false_discoveries([differences for _, differences in compared])
    comparisons = dict(zip(shared, found, strict=True))
    backends = Counter(name for name, _, _ in {**both[0], **both[1]})
    cases = [
        Change(
            name=f"{key[0]} on {key[1]}" if backends[key[0]] > 1 else key[0],
            base=both[0].get(key),
            head=both[1].get(key),
            found=comparisons.get(key, Comparison()),
            against=base.name,
        )
        for key in {**both[0], **both[1]}
    ]
    return Changes(base, head, tuple(sorted(cases, key=lambda each: KINDS.index(each.kind))))


def _key(outcome: Outcome) -> Key:
    return outcome.id, outcome.backend, outcome.device
