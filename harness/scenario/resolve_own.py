"""A case's tables and the shared ones -> a case that the user's own training answers."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from harness.scenario.case import OWN_SECTIONS, SECTIONS, Claim
from harness.scenario.checks import check_mean
from harness.scenario.merge import Table, merge, overrides
from harness.scenario.own import OwnCase
from harness.scenario.own_training import OwnConverged, OwnTraining
from harness.scenario.resolve import Resolver
from harness.scenario.rule import Bound, Rule
from harness.scenario.section import Section
from harness.scenario.sections import Accepted, Seeds
from harness.scenario.source import source

_PARTS: dict[str, type[Section]] = {
    "train": OwnTraining,
    "converged": OwnConverged,
    "seeds": Seeds,
    "baseline": Accepted,
}


def is_own(resolver: Resolver, table: Table) -> bool:
    """Whether the file or the case names a training of the user's own."""
    return "train" in resolver.shared or "train" in table


def own_case(resolver: Resolver, where: str, claim: Claim | None, table: Table) -> OwnCase | None:
    """Lay a case's own sections over the shared ones; ``None`` if anything is wrong with them."""
    problems, before = resolver.problems, len(resolver.problems)
    for section in SECTIONS:
        if section not in OWN_SECTIONS and (section in table or section in resolver.shared):
            place = f"{where}.{section}" if section in table else section
            problems.add(place, "has no meaning beside [train], which brings all of its own")
    parts: dict[str, Any] = {}
    for section, model in _PARTS.items():
        if not isinstance(table.get(section, {}), dict):
            problems.add(f"{where}.{section}", f"must be a table, got {table[section]!r}")
        written = resolver.written(section, where, table)
        merged = merge(written.shared, written.own)
        parts[section] = resolver.validated(model, merged, written.place, section)
    if claim is None or None in parts.values():
        return None
    case = _case(resolver, claim, **parts).model_copy(update={"overrides": overrides(table)})
    for field, message in _findings(case):
        problems.add(f"{where}.{field}", message)
    return case if len(problems) == before else None


def _case(
    resolver: Resolver,
    claim: Claim,
    train: OwnTraining,
    converged: OwnConverged,
    seeds: Seeds,
    baseline: Accepted,
) -> OwnCase:
    at_least = converged.mean_at_least if converged.at_least is None else converged.at_least
    at_most = converged.mean_at_most if converged.at_most is None else converged.at_most
    bound = Bound(converged.metric, at_least, at_most)
    return OwnCase(
        **dict(claim),
        scenario=resolver.scenario,
        directory=resolver.directory,
        importable=resolver.importable,
        train=train,
        code=tuple(source(each, loaded=False) for each in train.sources(resolver.directory)),
        rule=Rule((bound,), converged.hold, train.budget, train.time_limit, converged.of_mean),
        seeds=seeds,
        baseline=baseline,
    )


def _findings(case: OwnCase) -> Iterator[tuple[str, str]]:
    rule = case.rule
    if rule.budget is not None and rule.hold > rule.budget:
        message = f"{rule.hold} evaluations in a row do not fit into a budget of {rule.budget}"
        yield "converged.hold", message
    yield from check_mean(replace(case.converged, hold=rule.hold), case.expect)
    if case.diagnosis is not None and case.expect == "converges":
        yield "diagnosis", 'says why a case fails; this one has expect = "converges"'
