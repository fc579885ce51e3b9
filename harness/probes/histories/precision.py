"""The first step in half precision: loss and gradients as exact as that precision allows."""

from collections.abc import Iterator

import numpy as np

from harness.history import History
from harness.probes.opened.half_steps import half_steps
from harness.probes.toolkit.check import Check, conclude, skipped
from harness.probes.toolkit.subject import Subject
from harness.reference import Reference
from harness.results.probe import Probe
from harness.scenario.vocabulary import PRECISIONS

NAME = "precision"

ROUNDOFFS = 8.0
"""Roundoffs of the declared precision that a loss or a gradient may be off by, as a share of what
its records contribute, which may cancel. The largest of healthy layers was 2.1; of a gradient that
is lost all is off."""


def precision(subject: Subject) -> Probe:
    """Compare one step with the reference in float64, and look into the run where it opens."""
    training = subject.case.training
    if training.half is None:  # a reduction keeps it
        return skipped(NAME, "no half precision is declared")
    if (own := subject.case.unknown_to_reference) is not None:
        return skipped(NAME, f"the reference knows recurrent stacks, not the user's own {own}")
    allowed = ROUNDOFFS * PRECISIONS[training.half].roundoff
    [history] = subject.backend.train(subject.case, [0], subject.device, lambda *_: None)
    checks = list(_checks(history, Reference(subject.case, 0), allowed))
    if subject.opens:
        with subject.run() as run:
            checks += half_steps(run, allowed)
    return conclude(NAME, f"a step in {training.half} against float64", checks)


def _checks(history: History, reference: Reference, allowed: float) -> Iterator[Check]:
    """Compare the first loss, and each layer's first gradient that did not overflow."""
    trace, records = reference.train(1), len(reference.data.y)
    losses, lengths = history.first_losses, history.gradient_norm
    finite = [row for row in lengths if np.isfinite(row).all()]
    if not finite or not len(losses):
        what = f"no step without overflow: {history.message}; off by"
        yield Check(what, float("inf"), 0.0)
        return
    start = Reference(reference.case, reference.seed)
    parts = [start.lengths(start.loss_and_gradients([n])[1]) for n in range(records)]
    yield Check("loss off by", float(abs(losses[0] / trace.losses[0] - 1)), allowed)
    rows = zip(
        history.layers, finite[0], trace.gradient_norms[0], np.mean(parts, axis=0), strict=True
    )
    for layer, found, expected, whole in rows:
        off = float(abs(found - expected) / whole)
        yield Check(f"{layer}: gradient's length off by", off, allowed)
