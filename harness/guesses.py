"""The best trivial guess: a class, a constant, or a value that was seen some steps before.

Guesses are fitted on training records, and the best of them is chosen there by the metric itself.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from harness.dataset import Dataset
from harness.dataset.padding import present
from harness.metrics import measure
from harness.scenario import Training
from harness.scenario.vocabulary import METRICS, MetricName
from harness.scenario.vocabulary.guess import LEAST_SKILL, Guess, Guesses

Array = NDArray[Any]

LONGEST_LAG = 64
"""Steps back that a season is looked for; windows are seldom longer."""

LONGEST_SEASON = 1000
"""Steps back in a series, beyond its windows: a week of ten minutes is 1008, a year of days 365."""

SEASON_TOLD_BY = 200
"""Targets, spread over the training records, by which the season is told."""

CHOSEN_ON = 1000
"""Training records on which the best guess is chosen."""

NO_ERROR = 1e-9
"""As a share of the targets' spread: rounding of a guess that is always right."""


class _Rule(NamedTuple):
    """A guess in words, and what it answers to inputs: `[rows, outputs]` as a model would."""

    by: str
    answer: Callable[[Array, Array], Array]


def guesses_of(metric: MetricName, training: Training, data: Dataset) -> Guesses:
    """Return the best trivial guesses on training and validation records.

    There are none of the loss where only PyTorch knows it, or where labels are smoothed. Of skill
    they are those of what it is of: accuracy or rmse. Of several values or labels each has its own.
    """
    loss = training.loss_of("classes" if data.classes else "values")
    if metric == "loss" and (loss is None or training.label_smoothing):
        return Guesses()
    if data.width:
        each = [guesses_of(metric, training, column) for column in _columns(data)]
        return Guesses(_mean([of.train for of in each]), _mean([of.validation for of in each]))
    if metric == "skill":
        base: MetricName = "accuracy" if data.classes else "rmse"
        return guesses_of(base, training, data)
    data = _with_rows(data)
    of = _Measured(metric, loss, training.huber_delta, data)
    some = data.x[:CHOSEN_ON], data.y[:CHOSEN_ON]
    rules = [(rule, of.value(rule, *some)) for rule in _rules(data)]
    best, _ = min(rules, key=lambda each: abs(METRICS[metric].perfect - each[1]))
    sets = (data.x, data.y), (data.x_validation, data.y_validation)
    return Guesses(*(of.guess(best, *each) for each in sets))


def _with_rows(data: Dataset) -> Dataset:
    """Return windows of a series to which the row of each step is one more feature."""
    if data.series is None or data.ends is None or data.ends_validation is None:
        return data
    steps = np.arange(1 - data.x.shape[1], 1)
    x, x_validation = (
        np.concatenate([inputs, (ends[:, None] + steps)[..., None]], axis=2)
        for inputs, ends in ((data.x, data.ends), (data.x_validation, data.ends_validation))
    )
    center, spread = data.input_units
    units = np.append(center, 0.0), np.append(spread, 1.0)
    return replace(data, x=x, x_validation=x_validation, input_units=units)


def _columns(data: Dataset) -> Iterator[Dataset]:
    """Yield the records with one of the values or labels of their targets after the other."""
    for n in range(data.width):
        yield replace(data, y=data.y[..., n], y_validation=data.y_validation[..., n])


def _mean(guesses: Sequence[Guess | None]) -> Guess | None:
    """Return what guesses of several values or labels reach: the mean, as of the metric itself.

    One that makes no error counts as such. Errors of several may go together: the tolerance is that
    of the mean where they all do.
    """
    erring = [guess for guess in guesses if guess is not None]
    if not erring:
        return None
    perfect, errors = erring[0].perfect, [guess.perfect - guess.value for guess in erring]
    ways = {guess.by for guess in erring}
    by = f"{ways.pop()} of each" if len(ways) == 1 else "the best guess of each"
    tolerance = np.average([guess.tolerance for guess in erring], weights=np.abs(errors))
    return Guess(by, perfect - sum(errors) / len(guesses), perfect, float(tolerance))


class _Measured(NamedTuple):
    """A metric of guesses on the records of a dataset."""

    metric: MetricName
    loss: str | None
    delta: float
    data: Dataset

    def guess(self, rule: _Rule, x: Array, y: Array) -> Guess | None:
        """Return what a rule reaches; ``None`` on no records, or if it is always right."""
        if not len(y):
            return None
        value, perfect = self.value(rule, x, y), METRICS[self.metric].perfect
        outputs, targets = _rows(rule, x, y)
        errors = self._errors(outputs, targets)
        spread = 1.0 if self.data.classes else float(np.std(targets)) * self.data.target_scale
        if not np.isfinite(value) or abs(perfect - value) <= NO_ERROR * spread:
            return None
        mean, records = float(errors.mean()), len(errors)
        share = 2 * float(errors.std()) / (mean * records**0.5) if mean else 0.0
        if self.metric in ("balanced_accuracy", "f1", "macro_f1"):  # means over classes
            counts = np.bincount(targets)
            counts = counts[counts > 0]
            share = float(np.sqrt((1 / counts).sum())) / len(counts) / abs(perfect - value)
        if self.metric == "rmse":  # a root varies half as much, relatively
            share /= 2
        return Guess(rule.by, value, perfect, max(LEAST_SKILL, share))

    def value(self, rule: _Rule, x: Array, y: Array) -> float:
        """Return the metric that a rule reaches."""
        outputs, targets = _rows(rule, x, y)
        with np.errstate(all="ignore"):
            loss = self._errors(outputs, targets, of_loss=True).mean()
            return float(
                measure(self.metric, outputs, targets, np.asarray(loss), self.data.target_scale)
            )

    def _errors(self, outputs: Array, targets: Array, *, of_loss: bool = False) -> Array:
        """Return what the metric, or the loss, is the mean of, a number a record."""
        if self.data.classes:
            if not of_loss and self.metric not in ("loss", "perplexity"):
                return np.asarray(outputs.argmax(axis=-1) != targets, float)
            rows = np.arange(len(targets))
            errors = np.logaddexp.reduce(outputs, axis=1) - outputs[rows, targets]
            weights = self.data.class_weights
            if weights is None or self.metric != "loss":
                return np.asarray(errors)
            return np.asarray(errors * weights[targets] / self._scale(weights[targets], weights))
        size = np.abs(outputs[:, 0] - targets)
        absolute = self.loss == "mae" if of_loss or self.metric == "loss" else self.metric == "mae"
        if absolute:
            return np.asarray(size)
        if self.loss == "huber" and (of_loss or self.metric == "loss"):
            near = size <= self.delta
            return np.asarray(np.where(near, size**2 / 2, self.delta * (size - self.delta / 2)))
        return np.asarray(size**2)

    def _scale(self, of_records: Array, weights: Array) -> float:
        """Return what a weighted loss divides by, a record: their mean, or the first class's."""
        return float(weights[0]) if self.loss == "bce" else float(of_records.mean())


def _rows(rule: _Rule, x: Array, y: Array) -> tuple[Array, Array]:
    """Return a rule's outputs `[rows, outputs]` and the targets `[rows]` that are there."""
    there = present(y)
    return rule.answer(x, y)[there], y[there]


def _rules(data: Dataset) -> Iterator[_Rule]:
    y = data.y[present(data.y)]
    if data.classes:
        yield from _of_classes(data, y)
        return
    for by, value in (("the mean", float(y.mean())), ("the median", float(np.median(y)))):
        yield _Rule(by, _constant(np.array([value])))
    if data.vocabulary:
        return
    timesteps, features = data.x.shape[1], data.x.shape[2] - (data.series is not None)
    for lag in range(min(timesteps, LONGEST_LAG)):
        for feature in range(features):
            of = f" of feature {feature}" if features > 1 else ""
            yield _Rule(_earlier(lag) + of, _lagged(data, lag, feature))
    if data.series is not None:
        yield from _of_series(data, data.series)


def _earlier(lag: int) -> str:
    return f"the value {lag} steps before the last" if lag else "the last value"


def _of_series(data: Dataset, series: Array) -> Iterator[_Rule]:
    """Yield values of what is predicted that no window holds, and that of a season before it."""
    of = "" if data.predicts_input else " of what is predicted"
    timesteps = data.x.shape[1]
    lags = [] if data.predicts_input else list(range(min(timesteps, LONGEST_LAG)))
    if season := _season(data, series):
        lags.append(season)
    for lag in lags:
        yield _Rule(_earlier(lag) + of, _seen_before(data, series, lag))


def _season(data: Dataset, series: Array) -> int:
    """Return by how many steps before its last a value beyond a window is nearest to the target.

    Of those before the series begins its first stands in; 0 where half of the targets have none.
    """
    rows = data.x[..., -1] if data.each_step else data.x[:, -1, -1]
    some = np.linspace(0, rows.size - 1, min(rows.size, SEASON_TOLD_BY)).astype(int)
    at, wanted = rows.ravel()[some].astype(int), data.y.ravel()[some]
    lags = np.arange(data.x.shape[1], LONGEST_SEASON + 1)
    lags = lags[lags <= np.median(at)]
    if not len(lags):
        return 0
    seen = series[np.maximum(at[:, None] - lags, 0)]
    apart = np.abs(seen - (wanted * data.target_scale + data.target_center)[:, None])
    return int(lags[apart.mean(axis=0).argmin()])


def _seen_before(data: Dataset, series: Array, lag: int) -> Callable[[Array, Array], Array]:
    """Return the rule that repeats what was so many rows before, in the targets' units."""

    def answer(x: Array, _: Array) -> Array:
        rows = (x[..., -1] if data.each_step else x[:, -1, -1]).astype(int)
        seen = series[np.maximum(rows - lag, 0)]
        return np.asarray((seen - data.target_center) / data.target_scale)[..., None]

    return answer


def _of_classes(data: Dataset, y: Array) -> Iterator[_Rule]:
    """Yield each class for itself, the commonest first, their shares, and a draw by those."""
    counts = np.bincount(y, minlength=data.classes).astype(float)
    majority = int(counts.argmax())
    for label in np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)]:
        by = "the majority class" if label == majority else f"always class {label}"
        yield _Rule(by, _constant(_sure(label, data.classes)))
    weighted = counts if data.class_weights is None else counts * data.class_weights
    shares = np.log(np.maximum(weighted, 1e-9) / weighted.sum())
    yield _Rule("the shares of the classes", _constant(shares))
    yield _Rule("a draw by the shares of the classes", _drawn(counts / counts.sum()))


def _sure(labels: Array, classes: int) -> Array:
    """Return logits of nothing but a class, for each label."""
    return np.where(np.arange(classes) == np.asarray(labels)[..., None], 0.0, -50.0)


def _drawn(shares: Array) -> Callable[[Array, Array], Array]:
    """Return the rule that draws: within every class alike, as in the mean of many draws."""

    def answer(_: Array, y: Array) -> Array:
        drawn, ends = np.zeros(y.shape, np.int64), np.cumsum(shares)
        for label in range(len(shares)):
            members = y == label
            quantiles = (np.arange(members.sum()) + 0.5) / max(members.sum(), 1)
            drawn[members] = np.minimum(np.searchsorted(ends, quantiles), len(shares) - 1)
        return _sure(drawn, len(shares))

    return answer


def _constant(outputs: Array) -> Callable[[Array, Array], Array]:
    return lambda _, y: np.broadcast_to(outputs, (*y.shape, len(outputs)))


def _lagged(data: Dataset, lag: int, feature: int) -> Callable[[Array, Array], Array]:
    """Return the rule that repeats a feature's value, in the targets' units."""
    center, spread = (np.broadcast_to(each, data.x.shape[2:])[feature] for each in data.input_units)

    def answer(x: Array, _: Array) -> Array:
        steps = np.arange(x.shape[1])
        if data.each_step:
            seen = x[:, np.maximum(steps - lag, 0), feature]
        else:
            last = (~np.isnan(x[..., 0])).sum(axis=1) - 1
            seen = x[np.arange(len(x)), np.maximum(last - lag, 0), feature]
        raw = seen * spread + center
        return np.asarray((raw - data.target_center) / data.target_scale)[..., None]

    return answer
