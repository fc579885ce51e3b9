"""The `convergence` fixture: any function that yields metrics, under the gate."""

import hashlib
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness import backends
from harness.execution.job import Work
from harness.flow.trial import Trial
from harness.pytest_plugin.checks import check_baselines
from harness.pytest_plugin.failure import failure_of, properties
from harness.pytest_plugin.found import Trained
from harness.pytest_plugin.functions import OWN
from harness.pytest_plugin.model_case import handed_over_by, misuses, model_case, said
from harness.pytest_plugin.options import backend_names, exact_seeds
from harness.pytest_plugin.preparation import current, say_too_few
from harness.pytest_plugin.sending import Sendable, code_below, why_not_sendable
from harness.pytest_plugin.stash import FOUND
from harness.results.outcome import Outcome
from harness.scenario import Accepted, Case, OwnCase, Scenario, ScenarioError, Seeds
from harness.scenario.case import MOST_CHARACTERS
from harness.scenario.own import Train
from harness.scenario.own_mistakes import mistakes, no_training, rule_of
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
        _refuse("check", [*no_training(train), *mistakes(claim)])
        here = why_not_sendable(train)
        case = OwnCase(
            **self._place(name, here),
            train=train if here else Sendable(train),
            code=code_below(self._item.config.rootpath),
            rule=rule_of(claim),
            seeds=Seeds(min=seeds, max=most_seeds),
            expect=claim["expect"],
            rate=float(rate),
            margin=float(margin),
            baseline=Accepted(pairing=claim["pairing"], direction=claim["direction"]),
        )
        outcome = self._judged(case, OWN, here=here is not None)
        if not outcome.accepted:
            pytest.fail(failure_of(outcome, self._item), pytrace=False)
        return outcome

    def model(
        self,
        factory: Callable[..., Any],
        data: Any,
        *,
        training: Mapping[str, Any] | None = None,
        at_least: Mapping[str, float] | None = None,
        at_most: Mapping[str, float] | None = None,
        mean_at_least: Mapping[str, float] | None = None,
        mean_at_most: Mapping[str, float] | None = None,
        on: str = "train",
        hold: int = 1,
        validation_records: int = 0,
        expect: str = "converges",
        rate: float = 0.9,
        seeds: int = 12,
        most_seeds: int = 48,
        margin: float = MARGIN,
        pairing: str = "seed",
        direction: str = "two-sided",
        probes_off: Mapping[str, str] | None = None,
        name: str | None = None,
    ) -> Outcome:
        """Train a plain ``nn.Module`` by our loop until its claim is decided; probe it as well.

        Args:
            factory: a class or function that makes the module, called with ``features`` and
                ``outputs`` unless it takes neither. The module maps `[batch, timesteps, features]`
                to `[batch, outputs]`: logits of classes, or one value.
            data: ``(x, y)`` or ``(x, y, x_validation, y_validation)``, the same for each seed, or
                a function of a seed that returns them: `[records, timesteps, features]`, and
                `[records]` of integers for classes or of floats for values.
            training: keys of a scenario file's ``[training]``: ``learning_rate``, ``epochs``,
                ``batch_size`` and so on; ``loss`` and ``optimizer`` may be functions or classes.
            at_least: the level that a metric has to reach; of the four bounds give one.
            at_most: the level that it has to fall to.
            mean_at_least: likewise of its mean over seeds, see `check`.
            mean_at_most: likewise.
            on: on which records the metric is measured, ``"train"`` or ``"validation"``.
            hold: epochs in a row that have to meet the bound.
            validation_records: taken from ``(x, y)`` by the seed; 0 where ``data`` brings its own.
            expect: this and all that follow as of `check`.
            rate: see there.
            seeds: see there.
            most_seeds: see there.
            margin: see there.
            pairing: see there.
            direction: see there.
            probes_off: numerical checks that do not apply, by name, each with the reason.
            name: see there.

        Returns:
            What happened on the first of the run's backends that can train a module.

        Raises:
            pytest.fail.Exception: if the claim, the comparison with the baseline or a probe fails,
                or an argument cannot be used.
        """
        claim = {key: value for key, value in locals().items() if key not in ("self", "name")}
        _refuse("model", [*misuses(claim), *mistakes({**claim, "budget": None})])
        given = handed_over_by(factory, data, training or {})
        here = next(
            filter(None, (why_not_sendable(each.function) for each in given.values())), None
        )
        try:
            code = code_below(self._item.config.rootpath)
            case = model_case(self._place(name, here), claim, given, code)
        except ScenarioError as error:
            _refuse("model", [said(error)])
        names = backend_names(self._item.config)
        why = {each: backends.get(each).unsupported(case) for each in names}
        if all(why.values()):
            pytest.skip("; ".join(f"{each}: {reason}" for each, reason in why.items()))
        outcomes = [
            self._judged(case, each, here=here is not None) for each in names if not why[each]
        ]
        if failures := [failure_of(each, self._item) for each in outcomes if not each.accepted]:
            pytest.fail("\n\n".join(failures), pytrace=False)
        return outcomes[0]

    def _judged(self, case: Case | OwnCase, backend: str, *, here: bool) -> Outcome:
        """Train and judge a case, in this process where it cannot be sent to another."""
        config = self._item.config
        try:
            run, trial = current(config), self._trial(case, backend)
            check_baselines(config, [trial])
        except pytest.UsageError as error:
            raise pytest.fail.Exception(str(error), pytrace=False) from None
        say_too_few(config, [trial])
        trained = run.outcome(trial, run.here if here else run.trainer)
        outcome = replace(trained, node=self._item.nodeid)
        self._item.stash.setdefault(FOUND, []).append(Trained(outcome, Path(self._item.path)))
        self._item.user_properties += properties(outcome)
        return outcome

    def _named(self, name: str | None) -> str:
        chosen = self._item.name if name is None else name
        test = self._item.nodeid.partition("::")[2].replace("::", ".")
        plain = _plain(test if name is None else f"{test}.{chosen}")
        if plain in self._names:
            pytest.fail(
                f"convergence: this test has checked {chosen!r} already: give each check a "
                "name of its own, name=...",
                pytrace=False,
            )
        self._names.add(plain)
        return plain

    def _place(self, name: str | None, here: str | None) -> dict[str, Any]:
        """Return where a case stands, and what its reader should know.

        Args:
            name: tells several checks of one test apart.
            here: why it is trained in this process, if so.
        """
        kept = f"Trained in the test process, since it cannot be sent to a worker: {here}"
        notes = [_first_line(getattr(self._item, "obj", None)), kept if here else ""]
        below = os.path.relpath(self._item.path.with_suffix(""), self._item.config.rootpath)
        return {
            "name": self._named(name),
            "scenario": Path(below).as_posix(),
            "directory": self._item.path.parent,
            "note": " ".join(filter(None, notes)),
        }

    def _trial(self, case: Case | OwnCase, backend: str) -> Trial:
        scenario = Scenario(
            name=case.scenario,
            path=Path(self._item.path),
            question=_first_line(getattr(self._item, "module", None)) or QUESTION,
            source="",
            tags=(),
            cases=(),
        )
        config = self._item.config
        work = Work(case, backend, config.getoption("convergence_device"))
        quick = config.getoption("convergence_quick")
        return Trial(scenario, work, exact_seeds(config), quick=quick)


def _refuse(called: str, wrong: Sequence[str]) -> None:
    """Fail the test if an argument cannot be used."""
    if wrong:
        said = f"convergence.{called}: {'; '.join(wrong)}"
        raise pytest.fail.Exception(said, pytrace=False) from None


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
