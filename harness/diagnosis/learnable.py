"""Do the inputs say anything about the targets? Simple models, fitted on what was recorded.

A cross-validated answer that needs no network: ridge regression on standardised features, on
random ReLU features, and nearest neighbours. It can prove that there is a signal; that it finds
none proves nothing by itself (parity, long memory), and is used only beside other evidence.
"""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from harness.diagnosis.observations import Array, Floats
from harness.diagnosis.steps import per_step, side_by_side

FOLDS = 4
FEWEST = 24
"""Records: six a fold."""

MOST = 1000
"""Records used: enough to see an explained share of 0.05, and a second of work at most."""

WIDE = 200
"""Features used directly; more are summarised over time first."""


@dataclass(frozen=True)
class Learnable:
    """What the best simple model reaches on records it was not fitted on.

    Attributes:
        skill: share of the trivial guess's squared error that is gone.
        score: accuracy for classes, else ``skill``.
        trivial_score: of the best constant.
        model: which one.
        noise: skill that unrelated targets reach by chance, 95 % quantile.
        records: how many it was fitted on.
    """

    skill: float
    score: float
    trivial_score: float
    model: str
    noise: float
    records: int
    label_skill: float

    @property
    def found(self) -> bool:
        """Whether there is a signal beyond chance."""
        return self.skill > self.noise


def learnable(
    inputs: Array,
    targets: Array,
    *,
    classes: bool,
    ignored: int | None = None,
    beside: tuple[Array, ...] = (),
) -> Learnable | None:
    """Fit simple models on records `[records, ...]`; ``None`` with fewer than 24.

    Of a target at each step, the steps are asked one by one, beside their neighbours; of rows
    `[records * steps, ...]` that continue their inputs the last one of each record counts.
    ``None`` too where there are more rows than records, or fewer, and no telling whose they are, as
    where records end early, or where only some nodes of a graph have a label.

    Args:
        inputs: `[records, ...]`.
        targets: `[records, ...]`, or a row for each step.
        classes: whether targets are classes.
        ignored: a class that the loss leaves out.
        beside: `[records, ...]` what else is known of each record.
    """
    each = per_step(inputs, targets)
    if each is not None:
        return _of_steps(inputs, each, classes, ignored)
    return _of_records(inputs, of_last_steps(inputs, targets), classes, beside)


def _of_steps(inputs: Array, each: Array, classes: bool, ignored: int | None) -> Learnable | None:
    """What stands beside a step says of its target, or else what stands anywhere in the record."""
    rows = side_by_side(inputs, each, ignored)
    near = None if rows is None else fitted(*rows, classes=classes)
    if near is not None and near.found and near.skill > FAINT:
        return near
    for at in (0, each.shape[1] // 2, each.shape[1] - 1):
        kept = each[:, at] != ignored if ignored is not None else np.ones(len(each), bool)
        whole = _of_records(inputs[kept], each[kept, at], classes)
        if whole is not None and whole.found and (near is None or whole.skill > near.skill):
            return whole
    return near


FAINT = 0.2
"""Skill up to which what stands beside a step may be a trace of what stands elsewhere."""


def _of_records(
    inputs: Array, targets: Array, classes: bool, beside: tuple[Array, ...] = ()
) -> Learnable | None:
    parts = [np.asarray(part) for part in (inputs, *beside)]
    if any(len(part) != len(targets) for part in parts):
        return None
    kept = _once(parts)
    if len(kept) < FEWEST:
        return None
    order = kept[np.random.default_rng(0).permutation(len(kept))[:MOST]]
    features = _described([part[order] for part in parts])
    wanted = np.asarray(targets)[order]
    return None if features is None else fitted(features, wanted, classes=classes)


def _described(parts: list[Array]) -> dict[str, Floats] | None:
    """Features of several tensors of each record, beside one another."""
    found = [each for part in parts if (each := describe(part)) is not None]
    if len(found) < len(parts):
        return None
    names = {name for each in found for name in each}
    return {
        name: np.concatenate([each.get(name, each["all"]) for each in found], 1) for name in names
    }


def fitted(features: dict[str, Floats], targets: Array, *, classes: bool) -> Learnable | None:
    """What the best model on any of the features `[records, columns]` reaches."""
    wanted, labels = _wanted(targets, classes)
    if len(targets) < FEWEST or wanted is None or not np.isfinite(wanted).all():
        return None
    total = float(((wanted - wanted.mean(0)) ** 2).mean())
    if total < 1e-20:
        return None
    with threadpool_limits(1, "blas"):  # beside workers a second thread of it waits for a core
        skill, model, guess = _best(features, wanted, total)
    count = len(targets)
    score, trivial = skill, 0.0
    if labels is not None:
        predicted = guess.argmax(1) if wanted.shape[1] > 1 else (guess[:, 0] > 0.5).astype(int)
        score = float((predicted == labels).mean())
        trivial = float(np.bincount(labels).max() / count)
    room = 1 - trivial
    return Learnable(
        skill=skill,
        score=score,
        trivial_score=trivial,
        model=model,
        noise=max(0.04, 2.5 / np.sqrt(count)) if count < 400 else 0.04,
        records=count,
        label_skill=(score - trivial) / room if room > 1e-9 else 0.0,
    )


def _best(features: dict[str, Floats], wanted: Floats, total: float) -> tuple[float, str, Floats]:
    found = []
    for name, columns in features.items():
        for model in ("linear", "random", "neighbours"):
            if name != "all" and model == "neighbours":
                continue
            guess = _cross_validated(columns, wanted, model)
            found.append((1 - float(((guess - wanted) ** 2).mean()) / total, model, guess))
    skill, model, guess = max(found, key=lambda each: each[0])
    return skill, f"{model} model", guess


def of_last_steps(inputs: Array, targets: Array) -> Array:
    """Return a target for each record, where a loss met one for each of its steps as rows."""
    steps = inputs.shape[1] if inputs.ndim > 1 else 1
    return targets[steps - 1 :: steps] if len(targets) == len(inputs) * steps else targets


def _once(parts: list[Array]) -> Array:
    """Each record once: what lies in two folds at a time would be known by heart."""
    count = len(parts[0])
    flat = [np.ascontiguousarray(part.reshape(count, -1)) for part in parts]
    rows = (b"".join(part[at].tobytes() for part in flat) for at in range(count))
    seen = {row: at for at, row in reversed(list(enumerate(rows)))}
    return np.arange(count) if len(seen) < FEWEST else np.sort(np.fromiter(seen.values(), int))


def _wanted(targets: Array, classes: bool) -> tuple[Floats | None, Array | None]:
    flat = targets.reshape(len(targets), -1)
    if flat.shape[1] > 16:
        flat = flat[:, :: max(1, flat.shape[1] // 16)][:, :16]
    if classes and flat.shape[1] == 1:
        names, labels = np.unique(flat[:, 0], return_inverse=True)
        if len(names) == 1 or len(names) > 100:
            return None, None
        if len(names) == 2:
            return labels[:, None].astype(np.float64), labels
        return np.eye(len(names))[labels], labels
    if classes and targets.ndim == 2 and targets.shape[1] <= 16:
        return flat.astype(np.float64), flat.argmax(1)
    return flat.astype(np.float64), None


def describe(inputs: Array) -> dict[str, Floats] | None:
    """Features of records: all of them, and summaries over time where there is a time axis."""
    positions = None
    if inputs.dtype.kind in "iu":
        positions = _by_position(inputs)
        inputs = _tokens(inputs)
    flat = inputs.reshape(len(inputs), -1).astype(np.float64)
    if flat.shape[1] == 0 or not np.isfinite(flat).all():
        return None
    found = {}
    if positions is not None:
        found["positions"] = _standardised(positions)
    if flat.shape[1] <= WIDE:
        found["all"] = _standardised(flat)
    else:
        pick = np.linspace(0, flat.shape[1] - 1, WIDE).astype(int)
        found["all"] = _standardised(flat[:, pick])
    if inputs.ndim > 2:
        steps = inputs.reshape(len(inputs), inputs.shape[1], -1).astype(np.float64)[:, :, :12]
        summary = [
            steps.mean(1),
            steps.std(1),
            steps.min(1),
            steps.max(1),
            steps[:, 0],
            steps[:, -1],
        ]
        found["summary"] = _standardised(np.concatenate(summary, 1))
    return found


def _tokens(inputs: Array) -> Array:
    flat = inputs.reshape(len(inputs), -1)
    names = np.unique(flat)
    if len(names) > 200:
        return inputs.astype(np.float64)
    counts = np.stack([(flat == name).sum(1) for name in names], 1)
    ends = [(flat[:, at][:, None] == names).astype(np.float64) for at in {0, flat.shape[1] - 1}]
    return np.concatenate([counts, *ends], 1).astype(np.float64)


def _by_position(inputs: Array) -> Floats | None:
    """Which token stands where, a column for each; ``None`` for more columns than records bear."""
    flat = inputs.reshape(len(inputs), -1)
    names = np.unique(flat)
    if len(names) * flat.shape[1] > min(WIDE, len(flat) / 4):
        return None
    return np.asarray((flat[:, :, None] == names).reshape(len(flat), -1), np.float64)


def _standardised(columns: Floats) -> Floats:
    spread = columns.std(0)
    keep = spread > 1e-12 * (1 + np.abs(columns.mean(0)))
    if not keep.any():
        return np.zeros((len(columns), 1))
    kept = columns[:, keep]
    return np.asarray(np.clip((kept - kept.mean(0)) / spread[keep], -8, 8))


def _cross_validated(columns: Floats, wanted: Floats, model: str) -> Floats:
    folds = np.arange(len(columns)) % FOLDS
    guess = np.zeros_like(wanted)
    if model == "random":
        generator = np.random.default_rng(1)
        weights = generator.standard_normal((columns.shape[1], 192)) / np.sqrt(columns.shape[1])
        bias = generator.uniform(-1.5, 1.5, 192)
        columns = np.concatenate([columns, np.maximum(columns @ weights + bias, 0)], 1)
    for fold in range(FOLDS):
        train, test = folds != fold, folds == fold
        if model == "neighbours":
            guess[test] = _neighbours(columns[train], wanted[train], columns[test])
        else:
            guess[test] = _ridge(columns[train], wanted[train], columns[test])
    return guess


def _ridge(columns: Floats, wanted: Floats, new: Floats) -> Floats:
    """Ridge regression, its strength chosen by generalised cross-validation."""
    middle, level = columns.mean(0), wanted.mean(0)
    centred, rest = columns - middle, wanted - level
    sizes, right = np.linalg.eigh(centred.T @ centred)
    sizes = np.maximum(sizes, 0)
    turned = right.T @ (centred.T @ rest)
    best = None
    for strength in np.array([1e-3, 1e-2, 0.1, 1.0, 10.0]) * len(columns):
        inverse = 1 / (sizes + strength)
        weights = right @ (inverse[:, None] * turned)
        error = float(((rest - centred @ weights) ** 2).sum())
        score = error / max(1 - float((sizes * inverse).sum()) / len(columns), 1e-3) ** 2
        if best is None or score < best[0]:
            best = (score, weights)
    assert best is not None  # noqa: S101  # there is at least one model
    return np.asarray(level + (new - middle) @ best[1])


def _neighbours(columns: Floats, wanted: Floats, new: Floats) -> Floats:
    distance = (new**2).sum(1)[:, None] - 2 * new @ columns.T + (columns**2).sum(1)
    count = int(np.clip(np.sqrt(len(columns)) / 2, 3, 15))
    nearest = np.argpartition(distance, min(count, len(columns) - 1), axis=1)[:, :count]
    return np.asarray(wanted[nearest].mean(1))
