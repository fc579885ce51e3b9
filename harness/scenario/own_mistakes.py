"""What is wrong with a claim about own training, before anything is trained."""

import math
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from harness.scenario.rule import Bound, Rule
from harness.scenario.sections import MOST_SEEDS
from harness.scenario.vocabulary import Direction, Expect, Pairing

BOUNDS = ("at_least", "at_most", "mean_at_least", "mean_at_most")
"""The arguments that say what is claimed."""


def rule_of(claim: Mapping[str, Any]) -> Rule:
    """Return when a run is over, as a claim without mistakes says; bounds from below first."""
    low = {**(claim["at_least"] or {}), **(claim["mean_at_least"] or {})}
    high = {**(claim["at_most"] or {}), **(claim["mean_at_most"] or {})}
    bounds = (
        *(Bound(metric, at_least=float(level)) for metric, level in low.items()),
        *(Bound(metric, at_most=float(level)) for metric, level in high.items()),
    )
    return Rule(bounds, claim["hold"], claim["budget"], of_mean=_of_mean(claim))


def mistakes(claim: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each argument of a claim that cannot be used."""
    return [
        *_wrong_bounds(claim),
        *_wrong_means(claim),
        *_wrong_counts(claim),
        *_wrong_rates(claim),
        *_wrong_comparison(claim),
    ]


def no_training(train: object) -> list[str]:
    """Return what is wrong with the function that a test hands over; empty if nothing is."""
    if callable(train):
        return []
    return [f"train must be a function of a seed that yields metrics, got {train!r}"]


def _of_mean(claim: Mapping[str, Any]) -> bool:
    return bool(claim["mean_at_least"] or claim["mean_at_most"])


def _wrong_bounds(claim: Mapping[str, Any]) -> Iterator[str]:
    if not any(claim[name] for name in BOUNDS):
        yield 'give at_least or at_most, e.g. at_least={"accuracy": 0.9}'
    for name in BOUNDS:
        bounds = claim[name]
        if bounds is not None and not isinstance(bounds, Mapping):
            yield f'{name} must be a mapping, e.g. {{"loss": 0.1}}, got {bounds!r}'
            continue
        for metric, level in (bounds or {}).items():
            if not isinstance(metric, str):
                yield f"{name}: names of metrics are texts, got {metric!r}"
            if not _is_number(level) or not math.isfinite(level):
                yield f"{name}[{metric!r}] must be a finite number, got {level!r}"


def _wrong_means(claim: Mapping[str, Any]) -> Iterator[str]:
    if not _of_mean(claim):
        return
    if sum(len(claim[name] or ()) for name in BOUNDS if isinstance(claim[name] or {}, Mapping)) > 1:
        yield "mean_at_least or mean_at_most bounds one metric, beside no other bound"
    if claim["hold"] != 1:
        yield "hold says nothing of a mean at the end of the budget: leave it out"
    if claim["expect"] == "fails":
        yield 'a claim about a mean has expect="converges": claim the opposite bound'


def _wrong_counts(claim: Mapping[str, Any]) -> Iterator[str]:
    for name in ("hold", "seeds", "most_seeds", "budget"):
        value = claim[name]
        if name == "budget" and value is None:
            continue
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            yield f"{name} must be a whole number from 1, got {value!r}"
            return
        if name in ("seeds", "most_seeds") and value > MOST_SEEDS:
            yield f"{name} must be at most {MOST_SEEDS}, got {value}"
    if claim["most_seeds"] < claim["seeds"]:
        yield f"most_seeds ({claim['most_seeds']}) must not be below seeds ({claim['seeds']})"
    if claim["budget"] is not None and claim["hold"] > claim["budget"]:
        yield f"hold ({claim['hold']}) does not fit into a budget of {claim['budget']}"


def _wrong_rates(claim: Mapping[str, Any]) -> Iterator[str]:
    if claim["expect"] not in get_args(Expect):
        yield f"expect must be one of {', '.join(get_args(Expect))}, got {claim['expect']!r}"
    if not _is_number(claim["rate"]) or not 0.5 < claim["rate"] < 1:  # noqa: PLR2004  # more than half
        yield f"rate must lie between 0.5 and 1, got {claim['rate']!r}"
    if not _is_number(claim["margin"]) or not 0 <= claim["margin"] < 1:
        yield f"margin must lie from 0 to below 1, got {claim['margin']!r}"


def _wrong_comparison(claim: Mapping[str, Any]) -> Iterator[str]:
    for name, words in (("pairing", get_args(Pairing)), ("direction", get_args(Direction))):
        if claim[name] not in words:
            yield f"{name} must be one of {', '.join(words)}, got {claim[name]!r}"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
