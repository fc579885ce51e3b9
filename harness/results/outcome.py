"""The one record of a case that every table, file and picture reads."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

import numpy as np

from harness.history import Floats, History
from harness.scenario import Case
from harness.verdict import Symptom, Verdict

Numbers = list[float | None]
"""Numbers as JSON can hold them: non-finite ones are ``None``."""


@dataclass(frozen=True)
class SeedRun:
    """One seed of a case.

    Attributes:
        seed: which one.
        stopped: converged, non_finite, budget, time_limit or crashed.
        symptom: how it failed, ``None`` if it converged.
        converged_at: epochs to converge, ``None`` if it did not.
        plateau, transition: epochs spent in each phase.
        train_loss, metric: `[epochs + 1]`, from before training; the metric the claim is about.
        first_losses: of the first steps, at most 20.
        steps: optimisation steps.
        seconds: wall-clock time.
    """

    seed: int
    stopped: str
    symptom: str | None
    converged_at: int | None
    plateau: int
    transition: int
    train_loss: Numbers
    metric: Numbers
    first_losses: Numbers
    steps: int
    seconds: float


@dataclass(frozen=True)
class Outcome:
    """What happened to one case on one backend, in values that JSON holds as they are.

    Attributes:
        id: ``training/learning_rate/too_low``.
        outcome: pass, fail, inconclusive or error; ``sentence`` says why.
        interval: of the share of seeds that converge, 95 % (Wilson 1927).
        epochs_to_converge, plateau_epochs: a seed, in seed order.
        symptom: the commonest among failed seeds; ``symptoms`` counts them all.
        diagnosis: ranked causes, each with ``cause``, ``evidence`` and ``remedy``.
        seconds_per_step: as benchmarked, ``None`` where not measured.
        workload: cases of a scenario with the same workload share a time a step.
        probes: numerical checks, each as a dictionary.
        baseline: the comparison with the accepted baseline; at least its ``status``.
        fingerprint: of all that decides how a seed trains.
        rounding: relative change that float32 rounding alone makes to each of the first losses.
        runs: one a seed.
    """

    id: str
    scenario: str
    case: str
    question: str
    note: str
    remedies: str | None
    backend: str
    device: str
    expect: str
    stated: str | None
    rate: float
    criterion: str
    outcome: str
    sentence: str
    seeds: int
    converged: int
    interval: tuple[float, float]
    epochs_to_converge: list[int | None]
    plateau_epochs: list[int]
    symptom: str | None
    symptoms: dict[str, int]
    fingerprint: str
    workload: str
    seconds: float
    seconds_per_step: float | None = None
    diagnosis: list[dict[str, str]] = field(default_factory=list)
    probes: list[dict[str, Any]] = field(default_factory=list)
    baseline: dict[str, Any] = field(default_factory=lambda: {"status": "none"})
    rounding: list[float] = field(default_factory=lambda: [0.0])
    runs: list[SeedRun] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return the record as plain dictionaries and lists."""
        return asdict(self)

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> "Outcome":
        """Rebuild a record; keys that a later version added are passed over.

        Raises:
            KeyError, TypeError: if ``record`` is not one of ours.
        """
        plain = _known(cls, record)
        runs = [SeedRun(**_known(SeedRun, run)) for run in plain.pop("runs", [])]
        return replace(cls(**plain), interval=tuple(plain["interval"]), runs=runs)


def _known(record_type: type, record: dict[str, Any]) -> dict[str, Any]:
    names = {key.name for key in fields(record_type)}
    return {key: value for key, value in record.items() if key in names}


def summarise(
    case: Case,
    question: str,
    backend: str,
    device: str,
    histories: Sequence[History],
    verdict: Verdict,
) -> Outcome:
    """Put what was measured and decided about a case into one record."""
    symptoms = [symptom for symptom in verdict.symptoms if symptom is not None]
    return Outcome(
        id=case.id,
        scenario=case.scenario,
        case=case.name,
        question=question,
        note=case.note,
        remedies=case.remedies,
        backend=backend,
        device=device,
        expect=case.expect,
        stated=case.diagnosis,
        rate=case.rate,
        criterion=criterion(case),
        outcome=verdict.result,
        sentence=verdict.sentence,
        seeds=len(histories),
        converged=verdict.converged,
        interval=wilson_interval(verdict.converged, len(histories)),
        epochs_to_converge=[phase.converged_at for phase in verdict.phases],
        plateau_epochs=[phase.plateau for phase in verdict.phases],
        symptom=_text(verdict.symptom),
        symptoms={str(name): symptoms.count(name) for name in dict.fromkeys(symptoms)},
        fingerprint=case.fingerprint,
        workload=workload(case),
        seconds=round(sum(history.seconds for history in histories), 3),
        runs=_runs(case, histories, verdict),
    )


def _runs(case: Case, histories: Sequence[History], verdict: Verdict) -> list[SeedRun]:
    judged = zip(histories, verdict.phases, verdict.symptoms, strict=True)
    return [
        SeedRun(
            seed=history.seed,
            stopped=str(history.stopped),
            symptom=_text(symptom),
            converged_at=phase.converged_at,
            plateau=phase.plateau,
            transition=phase.transition,
            train_loss=numbers(history.train_loss),
            metric=numbers(history.judged_metric(case.converged)),
            first_losses=numbers(history.first_losses),
            steps=history.steps,
            seconds=round(history.seconds, 4),
        )
        for history, phase, symptom in judged
    ]


def _text(symptom: Symptom | None) -> str | None:
    """A plain text: xdist's wire carries no enumerations."""
    return None if symptom is None else str(symptom)


def numbers(values: Floats) -> Numbers:
    """Return values as JSON can hold them, to 9 significant digits (float32 has 7.2)."""
    return [float(f"{v:.9g}") if math.isfinite(v) else None for v in values.tolist()]


def apart(one: float | None, other: float | None) -> float:
    """Return the relative difference of two such numbers; infinite if one alone is not finite."""
    if one == other:
        return 0.0
    if one is None or other is None:
        return math.inf
    return abs(one - other) / max(abs(one), abs(other))


def criterion(case: Case) -> str:
    """Say when a run counts as converged: ``train accuracy >= 1, held 2``."""
    rule = case.converged
    bound = f">= {rule.at_least:g}" if rule.at_least is not None else f"<= {rule.at_most:g}"
    held = f", held {rule.hold}" if rule.hold > 1 else ""
    return f"{rule.on} {rule.metric} {bound}{held}"


def workload(case: Case) -> str:
    """Describe all that decides how long a step takes; equal texts take equally long."""
    data, training = case.data, case.training
    parts = {
        "data": data.operations(),
        "model": case.model.operations(),
        "training": training.operations(),
        "batch": min(training.batch_size, getattr(data, "records", None) or training.batch_size),
        "scheduled": not training.constant_rate,
    }
    return "; ".join(f"{name} {value}" for name, value in parts.items())


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share (E. B. Wilson 1927); (0, 1) without trials."""
    if not trials:
        return 0.0, 1.0
    z = 1.959964
    share = successes / trials
    center = share + z**2 / (2 * trials)
    half = z * np.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    low, high = (center - half) / (1 + z**2 / trials), (center + half) / (1 + z**2 / trials)
    return round(max(float(low), 0.0), 4), round(min(float(high), 1.0), 4)
