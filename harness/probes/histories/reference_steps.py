"""Twenty optimisation steps against the reference, step by step and in their final weights."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from harness.backends.torch.network import Network
from harness.history import FIRST_STEPS, History
from harness.probes.toolkit.check import (
    FLOAT32_ROUNDOFF,
    ROUNDING_FACTOR,
    Array,
    Check,
    close,
    conclude,
    distance,
    skipped,
)
from harness.probes.toolkit.evaluations import LOSS_TOLERANCE, References, evaluations
from harness.probes.toolkit.subject import Subject
from harness.reference import Reference, Trace
from harness.results.probe import Probe

NAME = "reference_steps"

NORM_TOLERANCE = 1e-4
TRAVEL_TOLERANCE = 1e-3
"""Of the distance that weights travel: a rate 2 % too small leaves 2e-2 of it, and rounding at
most 2e-6 for nine tensors in ten."""

SEEDS = (0, 1)
"""One must not reach into the other, and they share neither data nor order."""

BLIND = 1e-2
"""Where rounding alone allows more than this share of the distance, 20 steps decide nothing."""


class _Compared(NamedTuple):
    """The reference in float64, what rounding to float32 makes of it, and whether it is finite."""

    exact: Trace
    rounded: Trace
    after: References
    finite: bool


def reference_steps(subject: Subject, seeds: Sequence[int] = SEEDS) -> Probe:
    """Compare losses, gradient norms, updates and final weights with the reference.

    A backend that is not opened trains all of ``SEEDS`` in one call; ``seeds`` are compared.
    """
    if (own := subject.case.unknown_to_reference) is not None:
        return skipped(NAME, f"the reference knows recurrent stacks, not the user's own {own}")
    references = {seed: _reference(subject, seed) for seed in seeds}
    for compared in references.values():
        if not compared.finite:
            return skipped(NAME, "training leaves the finite numbers in the reference too")
        if _blindness(compared) * subject.model_kernel.backward > BLIND:
            return skipped(
                NAME, "float32 rounding alone moves the weights as much as a fault would"
            )
    checks = _opened(subject, references) if subject.opens else _unopened(subject, references)
    steps = len(references[seeds[0]].exact.losses)
    return conclude(NAME, f"{steps} steps against NumPy float64", checks)


def _reference(subject: Subject, seed: int) -> _Compared:
    case = subject.case
    exact, rounded = Reference(case, seed), Reference(case, seed, np.float32)
    steps = exact.steps_per_epoch * case.training.epochs
    with np.errstate(all="ignore"):  # a declared case may diverge
        traces = exact.train(steps), rounded.train(steps)
        finite = all(map(_finite, (exact, rounded), traces))
    return _Compared(*traces, References(exact, rounded), finite)


def _finite(reference: Reference, trace: Trace) -> bool:
    """Whether all that is compared is finite: steps, and the loss of the final weights."""
    data = reference.data
    sets = [(data.x, data.y), (data.x_validation, data.y_validation)]
    losses = [reference.loss(reference.outputs(x), y)[0] for x, y in sets if len(y)]
    series = trace.losses, trace.gradient_norms, trace.update_ratios, losses
    return all(bool(np.isfinite(values).all()) for values in series)


def _unopened(subject: Subject, references: dict[int, _Compared]) -> list[Check]:
    """Compare what the histories say."""
    histories = subject.backend.train(subject.case, SEEDS, subject.device, _unwatched)
    return [
        check
        for seed, compared in references.items()
        for check in _history_checks(subject, histories[seed], compared)
    ]


def _opened(subject: Subject, references: dict[int, _Compared]) -> list[Check]:
    """Compare the histories, and the weights at the end."""
    checks = []
    for seed, compared in references.items():
        with subject.run(seed) as run:
            checks += _history_checks(subject, run.train(_unwatched), compared)
            if isinstance(run.model, Network):
                checks += _weight_checks(subject, run.model, compared)
    return checks


def _weight_checks(subject: Subject, model: Network, compared: _Compared) -> Iterator[Check]:
    for layer, parameters in model.named_layers().items():
        for name, parameter in parameters.items():
            weight = f"{layer}.{name}"
            if weight in compared.exact.weights:
                yield _travel(subject, weight, parameter.detach().cpu().numpy(), compared)


def _unwatched(_seed: int, _epoch: int) -> None:
    """Training a probe is nobody's progress."""


def _history_checks(subject: Subject, history: History, compared: _Compared) -> list[Check]:
    steps_per_epoch = compared.after.exact.steps_per_epoch
    last = slice(steps_per_epoch - 1, None, steps_per_epoch)
    series = [
        ("losses", "losses", slice(FIRST_STEPS), history.first_losses, LOSS_TOLERANCE),
        ("gradient norms", "gradient_norms", last, history.gradient_norm, NORM_TOLERANCE),
        ("updates", "update_ratios", last, history.update_ratio, TRAVEL_TOLERANCE),
    ]
    checks = list(evaluations(subject, history, compared.after))
    for what, field, rows, found, least in series:
        exact, rounded = (
            getattr(compared.exact, field)[rows],
            getattr(compared.rounded, field)[rows],
        )
        if found.shape != exact.shape:
            wrong = (
                f"{what} of shape {found.shape} instead of {exact.shape}: {history.message}; off by"
            )
            checks.append(Check(wrong, float("inf"), 0.0))
            continue
        columns = zip(
            np.atleast_2d(found.T), np.atleast_2d(exact.T), np.atleast_2d(rounded.T), strict=True
        )
        checks += [close(what, a, b, c, least, subject.training_roundoff) for a, b, c in columns]
    return checks


def _travel(subject: Subject, weight: str, found: Array, compared: _Compared) -> Check:
    """Compare final weights, root mean square over a tensor, in learning rates."""
    exact = compared.exact.weights[weight]
    rate = subject.case.training.learning_rate
    travelled = _rms(exact - compared.exact.start[weight]) / rate
    rounding = _rms(compared.rounded.weights[weight] - exact) / rate
    allowed = max(TRAVEL_TOLERANCE * travelled, ROUNDING_FACTOR * rounding)
    return Check(
        f"{weight} in learning rates off by",
        _rms(found - exact) / rate,
        allowed * subject.training_roundoff / FLOAT32_ROUNDOFF,
    )


def _blindness(compared: _Compared) -> float:
    """The share of the weights' way, all tensors together, that rounding would excuse."""
    exact, rounded = compared.exact, compared.rounded
    way = [(exact.weights[name] - start).ravel() for name, start in exact.start.items()]
    near = [(rounded.weights[name] - start).ravel() for name, start in exact.start.items()]
    return ROUNDING_FACTOR * distance(np.concatenate(near), np.concatenate(way))


def _rms(values: Array) -> float:
    return float(np.sqrt(np.mean(np.square(values))))
