"""What no single field can say: impossible combinations within a case, and between cases."""

from collections.abc import Iterator
from operator import attrgetter

from harness.scenario.case import Case
from harness.scenario.check_model import check_model
from harness.scenario.check_steps import check_steps
from harness.scenario.criterion import Criterion
from harness.scenario.data import FromFactory, FromFile, FromSeries, Task
from harness.scenario.schedule_checks import check_schedule
from harness.scenario.sequence_checks import check_sequences
from harness.scenario.training_section import Training
from harness.scenario.vocabulary import LOSSES, METRICS, Expect, Metric, nearest
from harness.scenario.vocabulary.losses import USUAL, losses_with
from harness.scenario.vocabulary.metrics import metrics_of
from harness.scenario.vocabulary.optimizers import optimizers_with, unused_by

FieldMessage = tuple[str, str]
"""The field within the case, and what is wrong with it."""


def check_case(case: Case) -> Iterator[FieldMessage]:
    """Yield what is impossible about one resolved case."""
    data = case.data
    if data.validation_records == 0 and case.converged.on == "validation":
        is_npz = isinstance(data, FromFile) and data.file.endswith(".npz")
        if not is_npz and not isinstance(data, FromFactory):  # which may bring their own
            yield "data.validation_records", 'is 0, but converged.on = "validation" needs records'
    if (data.jitter > 0) != (data.jitter_copies > 0):
        yield "data.jitter", "augmentation needs both jitter and jitter_copies above 0"
    if case.diagnosis is not None and case.expect == "converges":
        yield "diagnosis", 'says why a case fails; this one has expect = "converges"'
    if isinstance(data, FromFile) and data.file.endswith(".csv") and data.timesteps is None:
        yield "data.timesteps", "is missing: a CSV file needs the length of a sequence"
    yield from check_model(case.model)
    yield from _check_optimizer(case.training)
    yield from check_steps(case)
    yield from check_schedule(case.training)
    yield from _check_loss(case)
    yield from _check_criterion(case)
    yield from _check_targets(case)
    yield from check_sequences(case)


def _check_optimizer(training: Training) -> Iterator[FieldMessage]:
    """Yield the numbers that the optimizer has no use for, unless they are as by default."""
    unused = unused_by(training.optimizer)
    for key in sorted(unused):
        if getattr(training, key) != Training.model_fields[key].default:
            yield f"training.{key}", _used_by(key, training)
    if training.nesterov and not training.momentum and "nesterov" not in unused:
        yield "training.nesterov", "looks ahead along the momentum, which is 0: give momentum"


def _used_by(key: str, training: Training) -> str:
    if training.own_optimizer is not None:
        return "is not handed to your own optimizer: set it there"
    return f"is used by {optimizers_with(attrgetter(key))} only"


def _check_loss(case: Case) -> Iterator[FieldMessage]:
    """Yield a loss of other targets, and what the loss has no use for."""
    training, kind = case.training, case.targets
    facts = LOSSES.get(training.loss or (USUAL[kind] if kind else ""))
    if kind and facts and facts.of != kind:
        fitting = losses_with(lambda loss: loss.of == kind)
        yield "training.loss", f"{training.loss!r} is for {facts.of}, targets are {kind}: {fitting}"
        return
    for key in ("class_weights", "label_smoothing", "huber_delta"):
        if getattr(training, key) == Training.model_fields[key].default:
            continue
        if training.own_loss is not None:
            yield f"training.{key}", "is not handed to your own loss: set it there"
        elif (
            facts and not getattr(facts, key) and not (kind == "values" and key == "class_weights")
        ):
            yield f"training.{key}", f"is used by {losses_with(attrgetter(key))} only"


def _check_criterion(case: Case) -> Iterator[FieldMessage]:
    rule, epochs = case.converged, case.training.epochs
    if rule.hold > epochs + 1:
        yield "converged.hold", f"{rule.hold} evaluations in a row do not fit into {epochs} epochs"
    metric = METRICS[rule.metric]
    for key, level in (("at_least", rule.at_least), ("mean_at_least", rule.mean_at_least)):
        if level is not None and level > metric.highest:
            reached = f"cannot reach {level:g}; it is at most {metric.highest:g}"
            yield f"converged.{key}", f"{rule.metric} {reached}"
    for key, level in (("at_most", rule.at_most), ("mean_at_most", rule.mean_at_most)):
        if level is not None and level < metric.lowest:
            reached = f"cannot fall to {level:g}; it is at least {metric.lowest:g}"
            yield f"converged.{key}", f"{rule.metric} {reached}"
    if case.targets is None or metric.suits(case.targets):
        yield from _true_untrained(Criterion.of(rule), metric)
    yield from check_mean(Criterion.of(rule), case.expect)


def _true_untrained(rule: Criterion, metric: Metric) -> Iterator[FieldMessage]:
    """Yield a bound on the side of errors that a model meets before it is trained.

    A mean is of the end of the budget, so that nothing has been learned may be what it claims.
    """
    if rule.upward == (metric.perfect == metric.highest):
        return
    key = f"converged.{'mean_' * rule.of_mean}{'at_least' if rule.upward else 'at_most'}"
    limit = metric.lowest if rule.upward else metric.highest
    if rule.bound <= limit if rule.upward else rule.bound >= limit:
        side = "least" if rule.upward else "most"
        yield key, f"{rule.bound:g} is true of any model: {rule.metric} is at {side} {limit:g}"
    elif metric.guess is not None and not rule.of_mean and rule.bound >= metric.guess:
        told = f"{rule.bound:g} is true before training: a constant answer has a {rule.metric} of"
        yield key, f"{told} {metric.guess:g}; claim at_least"


def check_mean(criterion: Criterion, expect: Expect) -> Iterator[FieldMessage]:
    """Yield what a claim about a mean over seeds cannot say."""
    if not criterion.of_mean:
        return
    if criterion.hold > 1:
        yield "converged.hold", "says nothing of a mean at the end of the budget: leave it out"
    if expect == "fails":
        yield "expect", 'must be "converges" of a mean: claim the opposite bound'


def _check_targets(case: Case) -> Iterator[FieldMessage]:
    if case.targets is None:
        return
    kind = {"classes": "classification", "values": "regression"}[case.targets]
    if not METRICS[case.converged.metric].suits(case.targets):
        yield "converged.metric", f"{case.converged.metric!r} does not fit {_task(case, kind)}"
    if case.targets == "values" and case.data.oversample:
        yield "data.oversample", "needs classes; this is a regression task"
    if case.targets == "values" and case.training.class_weights != "none":
        yield "training.class_weights", "needs classes; this is a regression task"
    if case.targets == "classes" and case.data.normalize_targets != "none":
        yield "data.normalize_targets", "needs real targets; this is a classification task"
    if case.targets == "classes" and isinstance(case.data, Task) and case.data.records == 1:
        yield "data.records", "one record has labels of one class only; give at least 2"


def _task(case: Case, kind: str) -> str:
    """Return what a case is of, and which metrics fit; of a series, how its classes are given."""
    told = f"a {kind} task: {metrics_of(case.targets or 'values')}"
    if not isinstance(case.data, FromSeries):
        return told
    return f"{told}; a series predicts values, so for classes save windows with integer y as NPZ"


def check_names(claims: list[tuple[str, str | None]]) -> Iterator[tuple[int, str, str]]:
    """Yield (case index, field, message) for duplicate names and remedies that lead nowhere.

    ``claims`` holds the name and the ``remedies`` of every case, in order.
    """
    names = [name for name, _ in claims]
    cures = dict(claims)
    for index, (name, remedies) in enumerate(claims):
        if name in names[:index]:
            yield index, "name", f"{name!r} is the name of an earlier case"
        if remedies is None:
            continue
        if remedies not in names:
            others = [other for other in names if other != name]
            yield index, "remedies", f"no case is called {remedies!r}{nearest(remedies, others)}"
        elif name in _chain(remedies, cures):
            yield index, "remedies", f"a cycle: {name} -> {' -> '.join(_chain(remedies, cures))}"


def check_sweep_names(cases: list[str], sweeps: list[object]) -> Iterator[tuple[int, str]]:
    """Yield (sweep index, message) for names that a case or an earlier sweep has."""
    for index, name in enumerate(sweeps):
        if isinstance(name, str) and name in cases:
            yield index, f"{name!r} is the name of a case"
        elif isinstance(name, str) and name in sweeps[:index]:
            yield index, f"{name!r} is the name of an earlier sweep"


def _chain(start: str, cures: dict[str, str | None]) -> list[str]:
    chain = [start]
    while (following := cures.get(chain[-1])) is not None and following not in chain:
        chain.append(following)
    return chain
