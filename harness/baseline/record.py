"""Outcome -> what is accepted of it: crossings, counts and first losses, a seed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from harness.baseline.crossing import loss_crossing, loss_level, metric_crossing
from harness.baseline.errors import BaselineError
from harness.results.bands import Band, kept_band
from harness.results.outcome import Outcome
from harness.results.seed_run import Numbers, SeedRun
from harness.scenario.criterion import Criterion


@dataclass(frozen=True)
class SeedRecord:
    """One accepted seed; one line of a baseline file.

    Attributes:
        seed: which one.
        stopped: why training ended: converged, budget, non_finite, time_limit or crashed.
        epochs: trained.
        epochs_to_converge: ``None``: censored at ``epochs``.
        loss_crossing, metric_crossing: epochs, interpolated; ``None`` if never crossed.
        final_loss, final_metric: after the last epoch.
        first_losses: of the first steps, at most 20, to 7 digits (float32 has 7.2).
        curves: a digest of every recorded number, see `SeedRun`; empty where none was accepted.
    """

    seed: int
    stopped: str
    epochs: int
    epochs_to_converge: int | None
    loss_crossing: float | None
    metric_crossing: float | None
    final_loss: float | None
    final_metric: float | None
    first_losses: tuple[float | None, ...]
    curves: str = ""


@dataclass(frozen=True)
class BaselineCase:
    """What was accepted of a case.

    Attributes:
        fingerprint: of all that decides how a seed trains.
        criterion: when a run counts as converged.
        loss_level: whose crossing is timed, ``None`` if the loss never left its plateau.
        accepted: provenance: date, reason, versions, processor, threads.
        timing: rounds, seconds a step over seconds of the calibration workload; empty if untimed.
        seeds: in seed order.
        bands: of the seeds' "loss" and judged "metric", to be drawn behind later ones; empty in
            files older than that.
    """

    fingerprint: str
    criterion: str
    loss_level: float | None
    accepted: dict[str, str | int]
    timing: tuple[float, ...]
    seeds: tuple[SeedRecord, ...]
    bands: dict[str, Band] = field(default_factory=dict)


@dataclass(frozen=True)
class Baseline:
    """The accepted results of a scenario on one backend and device; ``cases`` by name."""

    scenario: str
    backend: str
    device: str
    cases: dict[str, BaselineCase] = field(default_factory=dict)


def record(
    outcomes: Sequence[Outcome],
    reason: str,
    environment: Mapping[str, str | int],
) -> Baseline:
    """Accept outcomes of one scenario on one backend and device.

    Cases that did not pass are left out: a baseline never holds a broken claim.

    Args:
        outcomes: of one scenario, backend and device.
        reason: why these results are accepted, for the reviewer.
        environment: date, versions, processor and threads of the run.

    Raises:
        BaselineError: if no case passed.
        ValueError: if the outcomes are of several scenarios, backends or devices.
    """
    passed = [outcome for outcome in outcomes if outcome.outcome == "pass"]
    if not passed:
        raise BaselineError(
            "nothing to accept: no case passed, and only passing cases are accepted"
        )
    origins = {(o.scenario, o.backend, o.device) for o in passed}
    if len(origins) > 1:
        raise ValueError(
            f"a baseline is of one scenario, backend and device, not {sorted(origins)}"
        )
    provenance = {"reason": reason, **environment}
    cases = {outcome.case: accept(outcome, provenance) for outcome in passed}
    return Baseline(*origins.pop(), cases)


def accept(outcome: Outcome, provenance: Mapping[str, str | int] | None = None) -> BaselineCase:
    """Reduce an outcome to what later ones are compared with."""
    level = loss_level(outcome.runs)
    return BaselineCase(
        fingerprint=outcome.fingerprint,
        criterion=str(outcome.criterion),
        loss_level=level,
        accepted=dict(provenance or {}),
        timing=outcome.timing.rounds if outcome.timing else (),
        seeds=seed_records(outcome, level),
        bands=_bands(outcome),
    )


def _bands(outcome: Outcome) -> dict[str, Band]:
    curves = {
        "loss": [run.train_loss for run in outcome.runs],
        "metric": [run.judged_metric(outcome.criterion) for run in outcome.runs],
    }
    found = {name: kept_band(each) for name, each in curves.items()}
    return {name: each for name, each in found.items() if each is not None}


def seed_records(outcome: Outcome, level: float | None) -> tuple[SeedRecord, ...]:
    """Time each seed's crossing of the loss ``level`` and of the criterion, in seed order."""
    runs = sorted(outcome.runs, key=lambda run: run.seed)
    return tuple(_seed(run, level, outcome.criterion) for run in runs)


def _seed(run: SeedRun, level: float | None, criterion: Criterion) -> SeedRecord:
    return SeedRecord(
        seed=run.seed,
        stopped=str(run.stopped),
        epochs=max(len(run.train_loss) - 1, 0),
        epochs_to_converge=run.converged_at,
        loss_crossing=loss_crossing(run.train_loss, level),
        metric_crossing=metric_crossing(run, criterion),
        final_loss=_last(run.train_loss),
        final_metric=_last(run.judged_metric(criterion)),
        first_losses=tuple(None if v is None else float(f"{v:.7g}") for v in run.first_losses),
        curves=run.curves,
    )


def _last(values: Numbers) -> float | None:
    return values[-1] if values else None
