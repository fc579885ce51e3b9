"""A class that hardly occurs, and that a network leaves out to be right about the others."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

import numpy as np

from harness.diagnosis.answer import Finding
from harness.diagnosis.canonical import rows
from harness.diagnosis.facts import Facts
from harness.diagnosis.learnable import learnable, of_last_steps
from harness.diagnosis.observations import Array, Floats

RARE = 0.15
"""Share of a class from which the majority answer looks like success."""


def class_imbalance(facts: Facts) -> Finding | None:
    """One class hardly occurs, and is hardly ever predicted."""
    judged = facts.validated or facts.final or facts.trained
    trained = facts.final or facts.trained
    if not facts.classifies or judged is None or trained is None or facts.ending == "diverged":
        return None
    if trained.classes < 2 or trained.rarest > RARE or facts.seen.loss.weighted:
        return None
    recall = min(trained.recall_of_rarest, judged.recall_of_rarest if judged.classes > 1 else 1.0)
    fair = trained.rarest * trained.classes
    if recall > HALF or fair > 0.35 or trained.trivial_score < 0.5:
        return None
    if trained.rarest * trained.answers < A_HANDFUL:
        return None
    missed = facts.seen.missed
    asked = missed is not None and missed.metric == "balanced_accuracy"
    hardly = recall <= (HALF if asked else HARDLY)
    if hardly and not (_rare_class_can_be_told(facts) or _rare_class_stands_out(facts)):
        return None
    if not hardly and not _another_threshold_tells(facts):
        return None
    return Finding(
        "class_imbalance",
        0.84,
        f"The rarest class is {trained.rarest:.1%} of the records (threshold {RARE:.0%}) and "
        f"{recall:.0%} of it is recognised, while accuracy reads {trained.score:.0%}.",
        "Weight the classes in the loss (weight=, pos_weight=, class_weight=) or sample them "
        "evenly, and watch recall or balanced accuracy.",
    )


HALF = 0.5
"""Share of the rare class that is recognised: what tells most of it is no failure."""

A_HANDFUL = 5
"""Records of a class below which no weight makes a class of them."""

HARDLY = 0.3
"""The same where it can be told at all; of more, another threshold has to tell far more."""

RECOGNISED = 0.7
"""Share of an even sample: with it a class that is one record in ten has odds of one in four."""

ENOUGH = 60
"""Records, half of them of the rare class, from which a simple model's silence says something."""


def _rare_class_can_be_told(facts: Facts) -> bool:
    """Whether a simple model tells the rare class well from as many other records.

    What it does not tell so well lies below a probability of one half, however it is weighted.
    """
    simple, x, y = facts.learnable, facts.seen.inputs, facts.seen.targets
    if simple is None or x is None or y is None or y.size != len(y):
        return True
    y = of_last_steps(x, y)
    if len(x) != len(y):
        return True
    labels = y.reshape(-1)
    names, counts = np.unique(labels, return_counts=True)
    rare = np.flatnonzero(labels == names[counts.argmin()])
    others = np.flatnonzero(labels != names[counts.argmin()])[:: max(1, len(y) // len(rare) - 1)]
    picked = np.sort(np.concatenate([rare, others[: len(rare)]]))
    if len(picked) < ENOUGH:
        return True
    even = learnable(x[picked], labels[picked], classes=True)
    return even is None or (even.found and even.score > RECOGNISED)


def _rare_class_stands_out(facts: Facts) -> bool:
    """Whether the network's own answers tell the rare class, at another threshold.

    Of a pair, one of either class, it gives the rare one the higher score that often.
    """
    seen = facts.seen
    outputs, targets = seen.validation_outputs, seen.validation_targets
    if outputs is None or targets is None:
        outputs, targets = seen.final_outputs, seen.targets
    found = _scores(facts, outputs, targets)
    if found is None or min(map(len, found)) < FEWEST_RARE:
        return False
    rare, other = found
    above = (rare[:, None] > other).mean() + (rare[:, None] == other).mean() / 2
    return bool(above > RANKED)


FEWEST_RARE, RANKED = 10, 0.8
"""Records of the rare class, and share of pairs: what is normal in either class with spread 1 and
lies 1.2 apart, of which the middle tells 73 %."""


def _another_threshold_tells(facts: Facts) -> bool:
    """Whether the rare class would be told far better at another threshold of its own score.

    To weigh a class in the loss, or to draw it more often, is to move that threshold.
    """
    found = _scores(facts, facts.seen.final_outputs, facts.seen.targets)
    if found is None or 2 * len(found[0]) < ENOUGH:
        return False  # of few records the best of all thresholds gains as much by chance
    rare, other = map(np.sort, found)
    at = np.append(np.concatenate([rare, other]), 0.0)
    told, wrong = (1 - np.searchsorted(x, at, "right") / len(x) for x in (rare, other))
    even = (told - wrong) / 2
    return bool(even.max() - even[-1] > GAINED)


GAINED = 0.14
"""Balanced accuracy that another threshold gains. Of two normal classes, of which one is 10 % (5 %)
of the records, it gains 0.17 (0.2) where 70 % of an even sample can be told, 0.15 (0.21) at 80 %,
and 0.08 (0.13) at 90 %."""


def _scores(
    facts: Facts, outputs: Array | None, targets: Array | None
) -> tuple[Floats, Floats] | None:
    """Scores of the rare class, of its records and of all others; above zero it is answered."""
    if outputs is None or targets is None:
        return None
    kind = facts.seen.loss.kind
    found = rows(kind, outputs, targets, facts.seen.loss.ignored)
    if found is None or found.targets.size != len(found.outputs):
        return None
    labels = found.targets.reshape(-1)
    names, counts = np.unique(labels, return_counts=True)
    rare = int(names[counts.argmin()])
    if len(names) < 2:
        return None
    if found.classes:
        others = np.delete(found.outputs, rare, 1)
        scores = found.outputs[:, rare] - others.max(1)
    else:
        scores = (found.outputs[:, 0] - (0.5 if kind == "bce" else 0.0)) * (1 if rare else -1)
    return scores[labels == rare], scores[labels != rare]
