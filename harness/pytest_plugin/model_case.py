"""A test's own module, data and settings -> a case like those that scenario files declare."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.pytest_plugin.sending import Sendable
from harness.scenario import Case, ScenarioError
from harness.scenario.case import Claim
from harness.scenario.own_mistakes import BOUNDS
from harness.scenario.problem import Problems
from harness.scenario.resolve import Resolver
from harness.scenario.source import Source
from harness.user_code import HANDED_OVER

_ARRAYS = (2, 4)


@dataclass(frozen=True)
class SameRecords:
    """Data that are the same for each seed, which then decides weights and batches only."""

    arrays: tuple[Any, ...]

    def __call__(self, seed: int) -> tuple[Any, ...]:
        """Return the arrays."""
        del seed
        return self.arrays


def handed_over_by(
    factory: Callable[..., Any], data: Any, training: Mapping[str, Any]
) -> dict[str, Sendable]:
    """Return what a test hands over, by the name that stands for it in its case."""
    records = data if callable(data) else SameRecords(tuple(data))
    given = {"factory": factory, "data": records}
    given |= {key: training[key] for key in ("loss", "optimizer") if callable(training.get(key))}
    return {f"{HANDED_OVER}:{key}": Sendable(value) for key, value in given.items()}


def model_case(
    place: Mapping[str, Any],
    claim: Mapping[str, Any],
    given: Mapping[str, Sendable],
    code: tuple[Source, ...],
) -> Case:
    """Return the case that a call of `Convergence.model` makes.

    Args:
        place: its name, note, scenario and directory.
        claim: the other arguments, free of the mistakes that `mistakes` and `misuses` name.
        given: what is handed over.
        code: the files of the project's code.

    Raises:
        ScenarioError: with every mistake in them, by section and key.
    """
    problems = Problems(Path(place["scenario"]), "")
    resolver = Resolver(
        place["scenario"], place["directory"], None, _sections(claim, given), problems
    )
    made = Claim(
        name=place["name"],
        note=place["note"],
        expect=claim["expect"],
        rate=float(claim["rate"]),
        margin=float(claim["margin"]),
    )
    case = resolver.case("", made, {})
    problems.raise_all()
    assert case is not None  # noqa: S101  # what stands in the way was raised
    return case.model_copy(update={"handed_over": dict(given), "code": code})


def said(error: ScenarioError) -> str:
    """Return what is wrong with the arguments, each by its section and key."""
    return "; ".join(f"{each.field.strip('.')} {each.message}" for each in error.problems)


def misuses(claim: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each argument that is no module's factory, no data or no table."""
    factory, data, training = claim["factory"], claim["data"], claim["training"]
    if not callable(factory):
        yield f"factory must be a function or class that makes a module, got {factory!r}"
    elif hasattr(factory, "state_dict") and not isinstance(factory, type):
        yield (
            "factory must make a new module for each seed, got a module: hand over its class, or "
            f"lambda: {type(factory).__name__}(...)"
        )
    if not callable(data) and not (isinstance(data, tuple | list) and len(data) in _ARRAYS):
        shown = type(data).__name__
        yield (
            "data must be (x, y), (x, y, x_validation, y_validation) or a function of a seed that "
            f"returns them, got {shown}"
        )
    if training is not None and not isinstance(training, Mapping):
        yield f'training must be a mapping, e.g. {{"learning_rate": 0.01}}, got {training!r}'
    if not isinstance(off := claim["probes_off"], Mapping | None):
        yield f'probes_off must be a mapping, e.g. {{"gradient": "why"}}, got {off!r}'
    if sum(len(claim[name] or ()) for name in BOUNDS if isinstance(claim[name], Mapping)) > 1:
        yield "give one bound: the metric of a model is one; see check for several"


def _sections(claim: Mapping[str, Any], given: Mapping[str, Sendable]) -> dict[str, Any]:
    kind, (metric, level) = next(
        (name, *claim[name].items()) for name in BOUNDS if claim[name] is not None
    )
    training = dict(claim["training"] or {})
    training |= {key: name for name in given if (key := name.rpartition(":")[2]) in training}
    return {
        "model": {"factory": f"{HANDED_OVER}:factory"},
        "data": {
            "factory": f"{HANDED_OVER}:data",
            "validation_records": claim["validation_records"],
        },
        "training": training,
        "converged": {
            "metric": metric,
            "on": claim["on"],
            "hold": claim["hold"],
            kind: float(level),
        },
        "seeds": {"min": claim["seeds"], "max": claim["most_seeds"]},
        "baseline": {"pairing": claim["pairing"], "direction": claim["direction"]},
        "probes": {"off": dict(claim["probes_off"] or {})},
    }
