"""Mistakes in how records and modes are handled: seen directly, whatever the outcome."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

import numpy as np

from harness.diagnosis.answer import Finding
from harness.diagnosis.canonical import Quality
from harness.diagnosis.facts import Facts
from harness.diagnosis.observations import Floats

OFTEN = 0.5
"""Share of updates from which an event is the loop's habit, not an exception to it."""


def train_mode_missing(facts: Facts) -> Finding | None:
    """Dropout or batch normalisation runs in the wrong mode."""
    loop = facts.seen.loop
    if loop.in_eval >= 0.2 and facts.steps >= 3:
        after = "after an evaluation " if loop.eval_then_train else ""
        return Finding(
            "train_mode_missing",
            0.92,
            f"{loop.in_eval:.0%} of training passes run in evaluation mode {after}(threshold "
            f"20%): dropout and batch normalisation are switched off while training.",
            "Call model.train() at the start of every epoch, after any model.eval().",
        )
    if loop.predicts_in_train > OFTEN:
        return Finding(
            "train_mode_missing",
            0.9,
            "The trained network is called with training=True on records that are not trained on: "
            "dropout and batch statistics disturb its answers.",
            "Call it with training=False, or use predict.",
        )
    if loop.always_dropped:
        return Finding(
            "train_mode_missing",
            0.9,
            "Dropout runs in a network that is in evaluation mode: it answers the same records "
            "differently each time.",
            "Use nn.Dropout or F.dropout(x, p, self.training), in Keras no training=True.",
        )
    return _worse_in_train_mode(facts) or _statistics_lag(facts)


def _statistics_lag(facts: Facts) -> Finding | None:
    """Running statistics that are far from a batch's own: only training mode has learnt."""
    normalised = any("BatchNorm" in layer.kind for layer in facts.seen.layers)
    trained, final = facts.skill_while_training, facts.final
    if not normalised or trained is None or final is None or facts.seen.framework != "keras":
        return None  # elsewhere a script may stay in training mode on purpose
    if trained < SETTLED or final.skill > 0:
        return None
    few = facts.steps < CAUGHT_UP
    return Finding(
        "too_few_epochs" if few else "train_mode_missing",
        0.88,
        f"The loss of the last updates is {trained:.0%} better than a guess's, and in evaluation "
        f"mode, on the same records, worse than it: after {facts.steps} updates the running "
        "statistics of batch normalisation are not those of the batches.",
        "Train for more updates." if few else "Lower the momentum of BatchNormalization.",
    )


SETTLED = 0.5
"""Share of a guess's loss."""

CAUGHT_UP = 200
"""Updates after which 13 % of the start is left at Keras' momentum of 0.99."""


def _worse_in_train_mode(facts: Facts) -> Finding | None:
    """The last evaluation again, in evaluation mode: it says something better."""
    if facts.evaluated is None:
        return None
    as_made, instead = facts.evaluated
    name = "accuracy" if facts.classifies else "explained variance"
    gain = instead.score - as_made.score
    if gain < MODE_COSTS:
        return None
    return Finding(
        "train_mode_missing",
        0.9,
        f"Evaluation runs in training mode: {name} {as_made.score:.0%}, of the same records in "
        f"evaluation mode {instead.score:.0%} (threshold: {MODE_COSTS:.0%} more).",
        "Call model.eval() before evaluating, and model.train() after.",
    )


MODE_COSTS = 0.06
"""Points that dropout or batch statistics cost an evaluation: of 300 records, twice the error of
a share near 0.9."""


def shape_mismatch(facts: Facts) -> Finding | None:
    """Output and target, or records of one batch, are mixed by their shapes."""
    seen = facts.seen
    if seen.loss.broadcast:
        shapes = f"output {list(seen.loss.output_shape)} with target {list(seen.loss.target_shape)}"
        inside = seen.loss.output_shape == seen.loss.target_shape
        return Finding(
            "shape_mismatch",
            0.98,
            f"The loss compares {shapes}"
            f"{', which it gives other shapes' if inside else ''}: broadcasting compares every "
            "output with every target.",
            "Give both one shape: output.squeeze(-1), or target.unsqueeze(-1).",
        )
    if seen.loss.reshaped:
        return Finding(
            "shape_mismatch",
            0.97,
            f"The output reaches the loss as {list(seen.loss.output_shape)} by a view or reshape: "
            "its axes have other names now, and its values lie where they lay.",
            "Swap axes with transpose or permute.",
        )
    if seen.mixed and facts.failed:
        return Finding(
            "shape_mismatch",
            0.96,
            f"The values of one input record come from several records of {seen.mixed}: a view or "
            "reshape has mixed them.",
            "Swap axes with transpose or permute, and keep the records' axis where it is.",
        )
    if seen.renamed and (facts.best is None or facts.best.skill < LEARNT):
        return Finding(
            "shape_mismatch",
            0.9,
            f"Axes of the inputs have other names after a view or reshape, which moves no value: "
            f"{seen.renamed}.",
            "Swap axes with transpose or permute.",
        )
    return _touching(facts)


def _touching(facts: Facts) -> Finding | None:
    """The output for one record depends on others that are in its batch by chance.

    Steps of one sequence and nodes of a graph may depend on each other: they come together.
    """
    seen = facts.seen
    by_chance = seen.across or seen.loop.regrouped or (facts.failed and _are_sequences(facts))
    leak = ROUNDED if seen.across else LEAK if facts.failed else MIXED
    touched = seen.leak > leak  # false of what is no number, as outputs that explode are
    if not touched or seen.loop.interleaved or not by_chance:
        return None
    where = f"{seen.across} runs along them" if seen.across else "an axis is mistaken for another"
    return Finding(
        "shape_mismatch",
        0.9 if facts.failed or seen.across else 0.75,
        f"The output for one record changes by {seen.leak:.2g} standard deviations when the other "
        f"records of its batch change (threshold {leak}): {where}.",
        "Check batch_first=True, and use permute or transpose, not view or reshape, to swap axes.",
    )


def _are_sequences(facts: Facts) -> bool:
    """Whether each record has steps of its own, and one target for all of them."""
    inputs, targets = facts.seen.inputs, facts.seen.targets
    if inputs is None or targets is None or inputs.ndim < 2:
        return False
    single = inputs.ndim == 2 and inputs.dtype.kind == "f"
    each_step = targets.ndim > 1 and targets.shape[1] == inputs.shape[1]
    return inputs.shape[1] > 1 and not single and not each_step


LEAK = 0.02
"""Ratio to the spread of outputs."""

ROUNDED = 2e-4
"""The same where a layer is known to run along the records: twice what rounding leaves at most."""

MIXED = 0.2
"""The same where training went well: a network may standardise by its batch on purpose."""


def not_shuffled(facts: Facts) -> Finding | None:
    """Sorted records are met in the order they are stored in, or cut in two where they lie."""
    if (cut := _cut_in_order(facts)) is not None:
        return cut
    batches = [b.reshape(len(b), -1)[:, 0] for b in facts.seen.batches if b.ndim and len(b) > 1]
    if len(batches) < 4 or facts.seen.loop.shuffled is True or facts.seen.loop.interleaved:
        return None  # networks that take turns are given what each is to tell apart in turn
    every = [b.astype(float) for b in batches]
    whole = float(_variance(every, together=True))
    if whole <= 0:
        return None
    within = float(_variance(every, together=False)) / whole
    numbers = not facts.classifies
    if within > SORTED or (numbers and (_is_series(facts) or facts.seen.loop.shuffled is None)):
        return None  # numbers that a network made of its own answers drift as it is trained
    final = facts.final or facts.trained
    if final is None or (_told_all_the_same(facts, final) and not facts.short):
        return None
    return Finding(
        "not_shuffled",
        0.88,
        f"Within a batch the targets vary by {within:.0%} of what they vary overall (threshold "
        f"{SORTED:.0%}): records are sorted by target and met in that order each epoch.",
        "Shuffle the records: DataLoader(..., shuffle=True), or a new permutation each epoch.",
    )


def _cut_in_order(facts: Facts) -> Finding | None:
    """Records are stored by class, and those validated on are the last of them."""
    seen, best, new = facts.seen, facts.best, facts.validated
    if not (seen.in_order and facts.classifies) or best is None or new is None:
        return None
    one, two = np.asarray(seen.targets), np.asarray(seen.validation_targets)
    whole = (seen.loop.records or 0) <= len(one)  # else what is known of them ends before they do
    labels = np.concatenate([one.ravel(), two.ravel()])
    classes = len(np.unique(labels))
    runs = 1 + int(np.count_nonzero(labels[1:] != labels[:-1]))
    told = best.score - new.score
    if not whole or one.size != len(one) or runs > classes or told < UNTOLD:
        return None
    return Finding(
        "not_shuffled",
        0.9,
        f"Records are stored by class, and the last {len(two)} of them are validated on: they are "
        f"of {len(np.unique(two))} of {classes} classes, and {told:.0%} fewer of them are told.",
        "Shuffle the records before they are split: validation_split takes the last ones.",
    )


UNTOLD = 0.2
"""Points between training and other records, as of a network that remembers its own."""


def _told_all_the_same(facts: Facts, final: Quality) -> bool:
    """Whether the order costs little, and no simple model, which has none, is better."""
    simple = facts.learnable
    best = 0.0
    if simple is not None and simple.found:
        best = simple.label_skill if facts.classifies else simple.skill
    reached = max(final.skill, final.balanced_skill)
    return reached > LEARNT and best - max(final.skill, final.label_skill) < COSTS


COSTS = 0.05
"""Share of a guess's errors by which a simple model shows that the order costs something."""


LEARNT = 0.85
"""Share of a guess's errors that are gone in spite of the order; the last classes are told best."""

SORTED = 0.35
"""Batches of ten shuffled records keep 0.9 of the variance; sorted ones a few per cent."""


def _variance(batches: list[Floats], *, together: bool) -> float:
    if together:
        return float(np.concatenate(batches).var())
    return float(np.average([b.var() for b in batches], weights=[len(b) for b in batches]))


def _is_series(facts: Facts) -> bool:
    """Whether neighbouring records are windows of one series: then their order is no fault."""
    inputs = facts.seen.inputs
    if inputs is None or inputs.ndim < 2 or len(inputs) < 4 or inputs.shape[1] < 2:
        return False
    flat = inputs.reshape(len(inputs), inputs.shape[1], -1)[:, :, 0]
    return bool(np.allclose(flat[:3, 1:], flat[1:4, :-1]))


def wrong_metric(facts: Facts) -> Finding | None:
    """The script's own metric says something else than its outputs."""
    if facts.in_another_unit:
        return Finding(
            "wrong_metric",
            0.91,
            "Outputs are evaluated against targets in another unit: they go along with them, and "
            "lie more than 5 spreads of the training's targets beside them.",
            "Scale the outputs back before the error is taken, or the targets as for training.",
        )
    for reading in facts.seen.readings:
        value, right = reading.value, reading.right
        known = value is not None and right is not None
        off = abs(right - value) if value is not None and right is not None else 1.0
        alike = known and right == value and facts.ending == "good"
        if reading.cause == "wrong_metric" and (off > 0.08 or alike):
            said = f" is {value:.2f} where its outputs give {right:.2f}" if known else ""
            return Finding(
                "wrong_metric",
                0.91,
                f"The script's {reading.name}{said}: {reading.why}.",
                "Compare decisions with labels of the same shape: (output > 0) for logits, "
                "argmax over the classes, an error in the target's unit for a regression.",
            )
    return None


CAUSES = (
    train_mode_missing,
    shape_mismatch,
    not_shuffled,
    wrong_metric,
)
