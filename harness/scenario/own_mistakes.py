"""What is wrong with a claim about own training, before anything is trained."""

import math
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from harness.scenario.rule import Bound
from harness.scenario.vocabulary import Expect


def bounds_of(at_least: Any, at_most: Any) -> tuple[Bound, ...]:
    """Return the bounds that a claim names, those from below first."""
    low = [Bound(metric, at_least=float(level)) for metric, level in (at_least or {}).items()]
    high = [Bound(metric, at_most=float(level)) for metric, level in (at_most or {}).items()]
    return (*low, *high)


def mistakes(claim: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each argument of `Convergence.check` that cannot be used."""
    return [*_wrong_bounds(claim), *_wrong_counts(claim), *_wrong_rates(claim)]


def _wrong_bounds(claim: Mapping[str, Any]) -> Iterator[str]:
    if not callable(claim["train"]):
        yield f"train must be a function of a seed that yields metrics, got {claim['train']!r}"
    if not claim["at_least"] and not claim["at_most"]:
        yield 'give at_least or at_most, e.g. at_least={"accuracy": 0.9}'
    for name in ("at_least", "at_most"):
        bounds = claim[name]
        if bounds is not None and not isinstance(bounds, Mapping):
            yield f'{name} must be a mapping, e.g. {{"loss": 0.1}}, got {bounds!r}'
            continue
        for metric, level in (bounds or {}).items():
            if not isinstance(metric, str):
                yield f"{name}: names of metrics are texts, got {metric!r}"
            if not _is_number(level) or not math.isfinite(level):
                yield f"{name}[{metric!r}] must be a finite number, got {level!r}"


def _wrong_counts(claim: Mapping[str, Any]) -> Iterator[str]:
    for name in ("hold", "seeds", "most_seeds", "budget"):
        value = claim[name]
        if name == "budget" and value is None:
            continue
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            yield f"{name} must be a whole number from 1, got {value!r}"
            return
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


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
