"""Good on its training records and not on others: too few of them, too large, or overfitted."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

import numpy as np

from harness.diagnosis.answer import Finding
from harness.diagnosis.facts import Facts


def gap(facts: Facts) -> tuple[float, float] | None:
    """Skill on training and on validation records, if the one is good and the other is not."""
    train, new = facts.best, facts.validated
    if train is None or new is None or facts.ending in {"bad", "diverged"} or facts.in_another_unit:
        return None
    if facts.classifies:
        one, two = train.label_skill, max(new.label_skill, new.balanced_skill)  # drawn evenly
    else:
        one, two = train.score, new.score
    losses = facts.seen.validation_losses
    rises = len(losses) > 2 and losses[-1] > 1.3 * float(np.nanmin(losses))
    few = (facts.seen.loop.records or FEW + 1) <= FEW
    if one - two < (0.25 if few else 0.35 if rises else 0.5) or one < 0.6:
        return None
    return one, two


FEW = 40
"""Records below which a network cannot be told from a list of them."""

LARGE = 1000.0
"""Parameters a record from which size is the first suspect; overfitting networks that a little
decay mends have 1 to 100."""


def generalisation(facts: Facts) -> Finding | None:
    """Good on its training records, not on others: too few, too large, or simply overfitted."""
    found = gap(facts)
    if found is None:
        return _too_large_to_train(facts)
    records = facts.seen.loop.records or (
        len(facts.seen.targets) if facts.seen.targets is not None else 0
    )
    size = sum(p.size for p in facts.seen.parameters if p.optimized)
    text = (
        f"On the training records {found[0]:.0%} of a guess's errors are gone, "
        f"on others {max(found[1], 0):.0%}"
    )
    if records and records <= FEW:
        return Finding(
            "insufficient_data",
            0.85,
            f"{text}; there are {records} training records (threshold {FEW}).",
            "Collect or augment records; a smaller network or transfer learning helps a little.",
        )
    if records and size / records > LARGE:
        return Finding(
            "network_too_large",
            0.82,
            f"{text}; {size} parameters for {records} records, {size / records:.0f} a record "
            f"(threshold {LARGE:.0f}).",
            "Use fewer units and layers, or weight decay, dropout and early stopping.",
        )
    return Finding(
        "overfitting",
        0.8,
        f"{text}, with {size} parameters for {records} records.",
        "Stop early on the validation loss, add weight decay or dropout, or use more records.",
    )


def _too_large_to_train(facts: Facts) -> Finding | None:
    """A simple model is better on the training records, and size is the only suspect."""
    records, simple, size = facts.seen.loop.records, facts.learnable, facts.weights
    if not records or simple is None or not facts.beaten or size / records < LARGE:
        return None
    return Finding(
        "network_too_large",
        0.62,
        f"{size} parameters for {records} records, {size / records:.0f} a record (threshold "
        f"{LARGE:.0f}), reach {max(facts.reached, 0):.0%} where a simple model reaches "
        f"{max(simple.skill, simple.label_skill):.0%}.",
        "Use fewer units and layers.",
    )
