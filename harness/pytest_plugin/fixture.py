"""The `convergence` fixture: any function that yields metrics, under the gate."""

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from harness.execution.job import Work
from harness.flow.trial import Trial
from harness.pytest_plugin.failure import failure_of
from harness.pytest_plugin.found import Trained
from harness.pytest_plugin.options import exact_seeds
from harness.pytest_plugin.preparation import current, say_too_few
from harness.pytest_plugin.sending import Sendable, code_below, why_not_sendable
from harness.pytest_plugin.stash import FOUND
from harness.results.outcome import Outcome
from harness.scenario import Accepted, OwnCase, Scenario, Seeds
from harness.scenario.case import MOST_CHARACTERS
from harness.scenario.own import Train
from harness.scenario.own_mistakes import mistakes, rule_of
from harness.scenario.vocabulary import MARGIN

QUESTION = "Does training still converge?"
"""What a test file without a docstring asks."""

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.\-]+")


class Convergence:
    """Checks that training converges, for the test that asks for it."""

    def __init__(self, item: pytest.Item) -> None:
        self._item = item
        self._names: set[str] = set()

    def check(
        self,
        train: Train,
        *,
        at_least: Mapping[str, float] | None = None,
        at_most: Mapping[str, float] | None = None,
        mean_at_least: Mapping[str, float] | None = None,
        mean_at_most: Mapping[str, float] | None = None,
        hold: int = 1,
        budget: int | None = None,
        expect: str = "converges",
        rate: float = 0.9,
        seeds: int = 12,
        most_seeds: int = 48,
        margin: float = MARGIN,
        pairing: str = "seed",
        direction: str = "two-sided",
        name: str | None = None,
    ) -> Outcome:
        """Train ``train(seed)`` over seeds until its claim is decided; fail the test if it fails.

        Args:
            train: called with a seed, yields a mapping of metrics after each evaluation. It is
                closed as soon as it has converged, turned non-finite or spent its budget.
            at_least: levels that metrics have to reach, all at once.
            at_most: levels that metrics have to fall to; give one bound of either kind.
            mean_at_least: the level that the mean over seeds of one metric has to reach at the end
                of the budget, which every seed trains to (a sequential t test with error rates of
                1 %, see `harness.verdict.mean`).
            mean_at_most: likewise, the level that it has to fall to.
            hold: evaluations in a row that have to meet them.
            budget: most evaluations of a seed; ``None``: until ``train`` ends by itself.
            expect: ``"converges"`` or ``"fails"``.
            rate: the share of all seeds that does as expected (Wald's sequential test, with error
                rates of 1 %, see `harness.verdict.sequential`).
            seeds: how many are trained at once, before anything is decided.
            most_seeds: after how many an undecided claim is inconclusive.
            margin: relative change that the baseline tolerates, of the evaluations needed or of
                the mean.
            pairing: ``"seed"`` compares the same seeds in pairs; ``"none"`` compares samples of
                different seeds: another implementation, another order of random draws.
            direction: which change against the baseline fails: ``"two-sided"``, ``"slower"``
                (worse) or ``"faster"`` (better).
            name: tells several checks of one test apart.

        Returns:
            What happened, seed by seed.

        Raises:
            pytest.fail.Exception: if the claim or the comparison with the baseline fails, or an
                argument cannot be used.
        """
        claim = {key: value for key, value in locals().items() if key not in ("self", "name")}
        if wrong := mistakes(claim):
            pytest.fail("convergence.check: " + "; ".join(wrong), pytrace=False)
        case = self._case(claim, self._named(name))
        run = current(self._item.config)
        trial = self._trial(case)
        say_too_few(self._item.config, [trial])
        outcome = run.outcome(trial, run.trainer_of(case.train))
        self._item.stash.setdefault(FOUND, []).append(Trained(outcome, Path(self._item.path)))
        if not outcome.accepted:
            pytest.fail(failure_of(outcome), pytrace=False)
        return outcome

    def _named(self, name: str | None) -> str:
        chosen = self._item.name if name is None else name
        test = self._item.nodeid.partition("::")[2].replace("::", ".")
        plain = _plain(test if name is None else f"{test}.{chosen}")
        if plain in self._names:
            pytest.fail(
                f"convergence.check: this test has checked {chosen!r} already: give each check a "
                "name of its own, name=...",
                pytrace=False,
            )
        self._names.add(plain)
        return plain

    def _case(self, claim: dict[str, Any], name: str) -> OwnCase:
        rule = rule_of(claim)
        train, root = claim["train"], self._item.config.rootpath
        kept_here = why_not_sendable(train)
        here = f"Trained in the test process, since it cannot be sent to a worker: {kept_here}"
        notes = [_first_line(getattr(self._item, "obj", None)), here if kept_here else ""]
        return OwnCase(
            name=name,
            scenario=Path(os.path.relpath(self._item.path.with_suffix(""), root)).as_posix(),
            directory=self._item.path.parent,
            train=train if kept_here else Sendable(train),
            code=(code_below(root),),
            rule=rule,
            seeds=Seeds(min=claim["seeds"], max=claim["most_seeds"]),
            expect=claim["expect"],
            rate=float(claim["rate"]),
            margin=float(claim["margin"]),
            baseline=Accepted(pairing=claim["pairing"], direction=claim["direction"]),
            note=" ".join(filter(None, notes)),
        )

    def _trial(self, case: OwnCase) -> Trial:
        scenario = Scenario(
            name=case.scenario,
            path=Path(self._item.path),
            question=_first_line(getattr(self._item, "module", None)) or QUESTION,
            source="",
            tags=(),
            cases=(),
        )
        config = self._item.config
        work = Work(case, "own", config.getoption("convergence_device"))
        quick = config.getoption("convergence_quick")
        return Trial(scenario, work, exact_seeds(config), quick=quick)


def _plain(text: str) -> str:
    """Return a text as the name of a case; a digest stands for what does not fit."""
    plain = _NOT_IN_NAMES.sub("-", text).strip("-")
    if len(plain) <= MOST_CHARACTERS:
        return plain
    digest = hashlib.sha256(plain.encode()).hexdigest()[:8]
    return f"{plain[: MOST_CHARACTERS - 9]}-{digest}"


def _first_line(documented: object) -> str:
    """Return the first line of a docstring; empty without one."""
    return (getattr(documented, "__doc__", None) or "").strip().partition("\n")[0]
