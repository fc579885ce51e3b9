"""Masks and modes of a backend that only trains, seen at a learning rate of almost zero.

The weights stay where they are and every step sees all records, so that whatever the losses of two
steps differ by is the masks' doing, and whatever two evaluations differ by is a fault.
"""

import numpy as np

from harness.history import FIRST_STEPS, History
from harness.probes.toolkit.check import FLOAT32_ROUNDOFF, Check, close, conclude, exactly, skipped
from harness.probes.toolkit.subject import Subject
from harness.reference import Reference
from harness.results.probe import Probe

NAME = "modes"

REPEAT_TOLERANCE = 16 * FLOAT32_ROUNDOFF
"""The same arithmetic twice: 0 on a CPU, the order of sums on a GPU."""

LOSS_TOLERANCE = 1e-5
"""As for `reference_steps`."""

SEEDS = (0, 1)


def modes_at_zero_learning_rate(subject: Subject) -> Probe:
    """Compare the losses of steps with each other, and evaluations with the reference."""
    if (own := subject.case.unknown_to_reference) is not None:
        return skipped(NAME, f"the reference knows recurrent stacks, not the user's own {own}")
    histories = subject.backend.train(subject.case, SEEDS, subject.device, lambda *_: None)
    checks = [check for history in histories for check in _checks(subject, history)]
    if subject.case.model.dropout:
        one, other = (history.first_losses for history in histories)
        alike = np.array_equal(one, other)
        checks.append(exactly("two seeds with the same losses", float(alike)))
    return conclude(NAME, f"{FIRST_STEPS} steps at a learning rate of almost zero", checks)


def _checks(subject: Subject, history: History) -> list[Check]:
    losses, evaluated = history.first_losses, history.train_loss
    if len(losses) != FIRST_STEPS:
        return [Check(f"not {FIRST_STEPS} steps: {history.message}; off by", float("inf"), 0.0)]
    exact, rounded = (
        np.full(len(evaluated), float(Reference(subject.case, history.seed, kind).evaluate()))
        for kind in (np.float64, np.float32)
    )
    roundoff = subject.output_roundoff
    evaluation = close("evaluation", evaluated, exact, rounded, LOSS_TOLERANCE, roundoff)
    if subject.case.model.dropout:
        repeated = FIRST_STEPS - len(np.unique(losses))
        return [evaluation, exactly("steps with masks of another step", repeated)]
    spread = float(np.ptp(losses) / np.max(np.abs(losses)))
    return [evaluation, Check("a batch changes the next one by", spread, REPEAT_TOLERANCE)]
