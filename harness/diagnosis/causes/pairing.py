"""Inputs and targets that do not belong together, though other pairings of them do."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

import numpy as np

from harness.diagnosis.answer import Finding
from harness.diagnosis.facts import Facts
from harness.diagnosis.learnable import fitted, learnable
from harness.diagnosis.observations import Array
from harness.diagnosis.steps import continues, per_step, side_by_side
from harness.diagnosis.windows import MOST_ROWS, holds, overlap


def labels_misaligned(facts: Facts) -> Finding | None:
    """Another pairing of the same inputs and targets can be learnt; the one trained on cannot."""
    seen = facts.seen
    if seen.relabelled > 0.2 and not seen.loop.interleaved and facts.ending != "good":
        return Finding(
            "labels_misaligned",
            0.95,
            f"{seen.relabelled:.0%} of records come with another target when they are met again.",
            "Shuffle inputs and targets with one permutation, and index both with the same batch.",
        )
    simple = facts.learnable
    if simple is None or seen.inputs is None or seen.targets is None or seen.partly:
        return None
    if facts.failed and (apart := _steps_apart(facts)) is not None:
        return apart
    new = facts.validated
    if simple.skill > 0.15 or (new is not None and max(new.skill, new.label_skill) > 0.3):
        return None
    if seen.permuted_alone and not simple.found and facts.ending != "diverged":
        return Finding(
            "labels_misaligned",
            0.9,
            f"One of inputs and targets is put into an order of its own ({seen.permuted_alone}), "
            f"and a simple model explains {max(simple.skill, 0):.0%} of the targets as paired.",
            "Draw one permutation, and index inputs and targets with it.",
        )
    best = None
    for name, x, y in _pairings(facts):
        other = learnable(*_as_many(len(seen.inputs), x, y), classes=facts.classifies)
        if other is not None and other.found and (best is None or other.skill > best[0]):
            best = (other.skill, name)
    if best is None or best[0] < max(0.2, simple.skill + 0.15):
        return None
    return Finding(
        "labels_misaligned",
        0.93,
        f"A simple model explains {max(simple.skill, 0):.0%} of the targets as they are paired, "
        f"but {best[0]:.0%} with {best[1]}.",
        "Keep each record and its target together: one permutation for both, the same rows dropped "
        "from both.",
    )


def _as_many(count: int, x: Array, y: Array) -> tuple[Array, Array]:
    """As many records as were trained on: more of them say more, however they are paired."""
    if len(x) <= count:
        return x, y
    some = np.sort(np.random.default_rng(0).permutation(len(x))[:count])
    return x[some], y[some]


def _steps_apart(facts: Facts) -> Finding | None:
    """Targets that belong to a later step than the one they stand at: not read yet when asked."""
    seen = facts.seen
    x, y = np.asarray(seen.inputs), np.asarray(seen.targets)
    each = per_step(x, y)
    if each is None or _hidden(x, each, seen.loss.ignored):
        return None

    def skill(offset: int) -> float:
        rows = side_by_side(x, each, seen.loss.ignored, (offset,))
        found = fitted(*rows, classes=facts.classifies) if rows is not None else None
        return found.skill if found is not None else 0.0

    skills = {offset: skill(offset) for offset in range(min(4, each.shape[1] - 1))}
    best = max(skills, key=lambda offset: skills[offset])
    if best == 0 or skills[best] < max(0.2, skills[0] + 0.15) or skills[0] > 0.15:
        return None
    return Finding(
        "labels_misaligned",
        0.93,
        f"A simple model explains {max(skills[0], 0):.0%} of the targets from what stands at the "
        f"same step, but {skills[best]:.0%} from {best} later: they are moved along the steps.",
        "Keep each step and its target together: pad inputs and targets on the same side.",
    )


def _hidden(x: Array, each: Array, ignored: int | None) -> bool:
    """Whether one value stands at most steps that count: they are hidden, to be filled in."""
    rows = x.reshape(*each.shape, -1)[each != ignored]
    if ignored is None or not len(rows):
        return False
    return bool(np.unique(rows, axis=0, return_counts=True)[1].max() > len(rows) / 2)


def _pairings(facts: Facts) -> list[tuple[str, Array, Array]]:
    seen = facts.seen
    x, y = seen.inputs, seen.targets
    if x is not None and y is not None and x.shape == y.shape and x.ndim > 1 and continues(x, y):
        return []  # of a language model: each record holds its own targets
    found = list(seen.alternatives)
    if seen.in_order and x is not None and y is not None:
        shifts = () if overlap(x) else (-3, -2, -1, 1, 2, 3)
        found += [(f"targets moved by {k} records", x, np.roll(y, k, 0)) for k in shifts]
        found.append(("targets reversed", x, y[::-1]))
    return [(name, x, y) for name, x, y in found if not _is_given(x, y)]


def _is_given(x: Array, y: Array) -> bool:
    """Whether a target stands in its own record: to give it back is no task that was meant."""
    return x.ndim > 1 and y.size == len(y) and holds(x[:MOST_ROWS], y[:MOST_ROWS])
