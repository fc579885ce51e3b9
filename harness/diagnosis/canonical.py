"""Outputs and targets of any loss as rows, and how good they are against a trivial guess."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

import math
from dataclasses import dataclass, replace

import numpy as np

from harness.diagnosis.observations import Array, Floats, LossKind

CLASSIFYING = frozenset({"cross_entropy", "nll", "bce", "bce_logits", "margin"})

OWN_UNIT = CLASSIFYING | {"mse", "mae", "signed"}
"""Losses that `Quality` gives in their own unit; of others a share of what is gone."""


@dataclass(frozen=True)
class Rows:
    """Outputs `[rows, columns]`, and targets `[rows]` of classes or `[rows, columns]`."""

    outputs: Floats
    targets: Array
    classes: bool


def rows(kind: LossKind, outputs: Array, targets: Array, ignored: int | None = None) -> Rows | None:
    """Bring outputs and targets to rows; ``None`` if they do not fit each other."""
    outputs, targets = np.asarray(outputs), np.asarray(targets)
    if kind == "divergence":
        return None  # logarithms of shares against shares
    if kind in {"cross_entropy", "nll"}:
        return _class_rows(outputs, targets, ignored)
    if outputs.size != targets.size:
        if outputs.size == 0 or targets.size == 0 or outputs.shape[0] != targets.shape[0]:
            return None
        if outputs.ndim == 3 and targets.ndim == 2 and outputs.shape[2] == targets.shape[1]:
            return None
        return None
    columns = targets.shape[-1] if targets.ndim > 1 else 1
    if columns > 1 and outputs.ndim > 1 and outputs.shape[-1] != columns:
        columns = 1
    return Rows(
        outputs.reshape(-1, columns).astype(np.float64),
        targets.reshape(-1, columns).astype(np.float64),
        classes=False,
    )


def _class_rows(outputs: Array, targets: Array, ignored: int | None) -> Rows | None:
    if outputs.ndim < 2:
        return None
    soft = targets.shape == outputs.shape and targets.dtype.kind == "f"
    if outputs.ndim > 2:
        outputs = np.moveaxis(outputs, 1, -1)
        if soft:
            targets = np.moveaxis(targets, 1, -1)
    flat = outputs.reshape(-1, outputs.shape[-1]).astype(np.float64)
    if soft and float(targets.min()) < 0:
        return None  # advantages of a policy, not shares
    if soft:
        return Rows(flat, targets.reshape(flat.shape).astype(np.float64), classes=False)
    labels = targets.reshape(-1).astype(np.int64)
    if len(labels) != len(flat):
        return None
    if ignored is not None:
        keep = labels != ignored
        flat, labels = flat[keep], labels[keep]
    if not len(labels) or labels.min() < 0 or labels.max() >= flat.shape[1]:
        return None
    return Rows(flat, labels, classes=True)


LEFT_OUT = -100
"""A class that stands where no target counts: PyTorch's own number for it."""


@dataclass(frozen=True)
class Quality:
    """How good outputs are.

    Attributes:
        loss: of the outputs, in the loss's own unit.
        trivial: of the best constant output.
        score: accuracy, or the share of variance explained (R2).
        trivial_score: of the best constant output.
        balanced: mean recall over classes; equals ``score`` for a regression.
        predicted: classes that are predicted at all; 0 for a regression.
        classes: classes that occur; 0 for a regression.
        floor: loss of the best outputs there are: above zero where targets are shares, not labels.
        answers: labels or numbers that were judged.
        labelled: whether targets are labels, smoothed perhaps, that an answer hits or misses.
    """

    loss: float
    trivial: float
    score: float
    trivial_score: float
    balanced: float
    predicted: int = 0
    classes: int = 0
    rarest: float = 0.0
    recall_of_rarest: float = 0.0
    floor: float = 0.0
    answers: int = 0
    labelled: bool = True

    @property
    def skill(self) -> float:
        """Share of a trivial guess's loss that is gone: 0 is trivial, 1 is perfect."""
        if not np.isfinite(self.loss):
            return -np.inf
        room = self.trivial - self.floor
        return 1 - (self.loss - self.floor) / room if room > 1e-12 else 0.0

    @property
    def gained(self) -> float:
        """Log-likelihood that is gained on the best constant output, of classes or numbers."""
        if self.classes:
            return self.answers * (self.trivial - self.loss)
        return -self.answers / 2 * math.log(max(1 - self.score, 1e-12))

    @property
    def label_skill(self) -> float:
        """The same on decisions: errors of the majority guess that are gone."""
        room = 1 - self.trivial_score
        return (self.score - self.trivial_score) / room if room > 1e-9 else 0.0

    @property
    def balanced_skill(self) -> float:
        """Mean recall above chance, 0 to 1."""
        if self.classes < 2:
            return self.label_skill
        chance = 1 / self.classes
        return (self.balanced - chance) / (1 - chance)


def quality(kind: LossKind, found: Rows) -> Quality:
    """Judge outputs against targets."""
    several = found.classes or kind in {"cross_entropy", "nll"}
    with np.errstate(all="ignore"):
        judged = _of_classes(kind, found) if several else _of_units(kind, found)
    return replace(judged, answers=len(found.outputs) if several else found.outputs.size)


def _of_units(kind: LossKind, found: Rows) -> Quality:
    if kind in {"bce", "bce_logits", "margin"}:
        return _of_bits(kind, found)
    if kind == "poisson":
        return _of_counts(found)
    return _of_numbers(kind, found)


def _log_softmax(outputs: Floats) -> Floats:
    """Logarithms of probabilities `[rows, classes]`."""
    shifted = outputs - outputs.max(1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(1, keepdims=True)))


def _of_classes(kind: LossKind, found: Rows) -> Quality:
    outputs, targets = found.outputs, found.targets
    logs = outputs if kind == "nll" else _log_softmax(outputs)
    if not found.classes:
        prior = targets.mean(0)
        loss = float(-(targets * logs).sum(1).mean())
        trivial = float(-(targets * np.log(np.maximum(prior, 1e-12))).sum(1).mean())
        labels = targets.argmax(1)
        floor = -float((targets * np.log(np.maximum(targets, 1e-12))).sum(1).mean())
    else:
        labels, floor = targets, 0.0
        loss = float(-logs[np.arange(len(labels)), labels].mean())
        share = np.bincount(labels, minlength=outputs.shape[1]) / len(labels)
        trivial = float(-(share[share > 0] * np.log(share[share > 0])).sum())
    judged = _with_labels(loss, trivial, outputs.argmax(1), labels)
    return replace(judged, floor=floor, labelled=found.classes or _two_valued(targets))


def _of_bits(kind: LossKind, found: Rows) -> Quality:
    outputs, targets = found.outputs, found.targets
    if kind == "margin":  # log(1 + exp(-y x)) is the cross entropy of labels -1 and 1
        targets = (targets + 1) / 2
    chance = outputs if kind == "bce" else 1 / (1 + np.exp(-outputs))
    loss = _cross_entropy(targets, chance)
    trivial = _cross_entropy(targets, targets.mean(0))
    several = targets.shape[1] > 1
    predicted, labels = (
        (each > 0.5).ravel() if several else each[:, 0] > 0.5 for each in (chance, targets)
    )
    judged = _with_labels(loss, trivial, predicted.astype(int), labels.astype(int))
    return replace(judged, floor=_cross_entropy(targets, targets), labelled=_two_valued(targets))


def _two_valued(targets: Array) -> bool:
    """Whether targets say yes or no: 0 and 1, or what smoothing makes of them."""
    return bool(np.isin(targets, (targets.min(), targets.max())).all())


def _cross_entropy(targets: Floats, chance: Floats) -> float:
    chance = np.clip(chance, 1e-7, 1 - 1e-7)
    return float(-(targets * np.log(chance) + (1 - targets) * np.log(1 - chance)).mean())


def _with_labels(loss: float, trivial: float, predicted: Array, labels: Array) -> Quality:
    names, counts = np.unique(labels, return_counts=True)
    recalls = np.array([(predicted[labels == name] == name).mean() for name in names])
    return Quality(
        loss=loss,
        trivial=trivial,
        score=float((predicted == labels).mean()),
        trivial_score=float(counts.max() / counts.sum()),
        balanced=float(recalls.mean()),
        predicted=len(np.unique(predicted)),
        classes=len(names),
        rarest=float(counts.min() / counts.sum()),
        recall_of_rarest=float(recalls[counts.argmin()]),
    )


def _of_counts(found: Rows) -> Quality:
    """Counts against rates whose logarithms are put out, by their deviance."""
    rates = np.exp(np.minimum(found.outputs, 80.0))
    guess = np.broadcast_to(found.targets.mean(0), rates.shape)
    loss, trivial = (_deviance(found.targets, made) for made in (rates, guess))
    explained = _of_numbers("mse", Rows(rates, found.targets, classes=False)).score
    return Quality(loss, trivial, explained, 0.0, explained)


def _deviance(counts: Array, rates: Array) -> float:
    """Mean of twice the log-likelihood short of the best rates (McCullagh, Nelder 2.3)."""
    rates = np.maximum(rates, 1e-12)
    terms = np.where(counts > 0, counts * np.log(np.maximum(counts, 1e-12) / rates), 0.0)
    return float(2 * (terms - (counts - rates)).mean())


def _of_numbers(kind: LossKind, found: Rows) -> Quality:
    outputs, targets = found.outputs, found.targets
    error = outputs - targets
    spread = targets - (np.median(targets, 0) if kind == "mae" else targets.mean(0))
    if kind == "mae":
        loss, trivial = float(np.abs(error).mean()), float(np.abs(spread).mean())
    else:
        loss, trivial = float((error**2).mean()), float((spread**2).mean())
    total = ((targets - targets.mean(0)) ** 2).mean()
    score = float(1 - (error**2).mean() / total) if total > 1e-20 else 0.0
    return Quality(loss, trivial, score, 0.0, score)
