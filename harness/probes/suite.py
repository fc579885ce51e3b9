"""Which probes a case gets, what each looks at, and which cases share one."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from harness.backends import Backend
from harness.probes import Level, Shared
from harness.probes.ensemble import batched
from harness.probes.ensemble.places import places
from harness.probes.histories.reference_steps import reference_steps
from harness.probes.histories.still import masks_in_histories
from harness.probes.opened.batches import batches
from harness.probes.opened.gradient import gradient
from harness.probes.opened.initialisation import initialisation
from harness.probes.opened.layers import layers
from harness.probes.opened.loss import loss
from harness.probes.opened.modes import modes
from harness.probes.opened.optimizer import optimizer
from harness.probes.opened.updates import clipping, schedule, zeroing
from harness.probes.reductions import outside, small
from harness.probes.toolkit.check import skipped
from harness.probes.toolkit.subject import Subject, full_precision
from harness.results.probe import Probe
from harness.scenario import Case


class Plan(NamedTuple):
    """A probe, how a case is reduced for it, and whether TF32 is switched off for it."""

    name: str
    make: Callable[[Subject], Probe]
    reduce: Callable[[Case], Case]
    precise: bool = True

    def made(self, subject: Subject) -> Probe:
        """Make the probe; what raises has failed, unless a user's module expects otherwise."""
        reason = subject.backend.unsupported(subject.case)
        if reason is not None:
            return skipped(self.name, f"the case in small: {reason}")
        try:
            with full_precision(subject.device) if self.precise else nullcontext():
                return replace(self.make(subject), name=self.name)
        except Exception as error:  # noqa: BLE001  # as in training, whatever is raised is a result
            sentence = f"raised {type(error).__name__}: {error}"
            if subject.case.model.factory is not None:
                return skipped(self.name, sentence)
            return Probe(self.name, "fail", None, None, sentence)


one_seed = partial(reference_steps, seeds=(1,))
"""The second of two; whether seeds are kept apart otherwise is asked once."""

FAST = (
    Plan("reference_steps", reference_steps, small.for_steps),
    Plan("small_gradients", one_seed, outside.for_small_gradients),
    Plan("layers", layers, small.for_layers, precise=False),
    Plan("loss", loss, small.for_model),
    Plan("gradient", gradient, small.for_model),
    Plan("modes", modes, small.for_model),
    Plan("optimizer", optimizer, small.for_optimizer),
    Plan("batches", batches, small.for_batches),
    Plan("initialisation", initialisation, small.for_initialisation),
    Plan("schedule", schedule, small.for_schedule),
    Plan("clipping", clipping, small.for_clipping),
    Plan("zeroing", zeroing, small.for_optimizer),
)

DECLARED = (
    Plan(
        "reference_steps_declared",
        reference_steps,
        small.as_declared_without_dropout,
    ),
    Plan("layers_declared", layers, small.as_declared, precise=False),
    Plan("gradient_declared", gradient, small.as_declared),
    Plan("zeroing_declared", zeroing, small.as_declared),
)
"""The same questions at the declared sizes, rates and starting weights."""


HISTORIES = (
    Plan("reference_steps", reference_steps, small.for_steps),
    Plan("layers", reference_steps, outside.for_widths),
    Plan("modes", masks_in_histories, outside.for_masks),
    Plan("small_gradients", one_seed, outside.for_small_gradients),
    Plan("schedule", reference_steps, outside.for_whole_schedule),
)
"""What can be asked of a backend that shows its histories only. Order and completeness of batches,
starting weights, loss, clipping and zeroing all enter the losses and norms of `reference_steps`."""

BATCHED = (
    Plan("reference_steps", one_seed, small.for_steps),
    Plan("layers", one_seed, outside.for_widths),
    *HISTORIES[2:],
    Plan("places", places, outside.for_places),
    Plan("optimizer", batched.optimizer, small.for_optimizer),
    Plan("masks", batched.masks, outside.for_batched_model),
    Plan("gradient", batched.gradient, outside.for_batched_model),
)
"""What is asked of the ensemble, whose run can be opened too; `places` keeps the seeds apart."""


def make(case: Case, backend: Backend, device: str, level: Level, shared: Shared) -> list[Probe]:
    """Make, or take from ``shared``, every probe of the level; see `harness.results.probe`."""
    plans = plans_of(Subject(case, backend, device), level)
    return [_shared(plan, case, backend, device, shared) for plan in plans]


def plans_of(subject: Subject, level: Level) -> tuple[Plan, ...]:
    """Return what is asked of the subject's backend, fast or in full."""
    if subject.opens:
        return FAST if level == "fast" else FAST + DECLARED
    plans = BATCHED if subject.batches_seeds else HISTORIES
    return plans if level == "fast" else plans + DECLARED[:1]


def _shared(plan: Plan, case: Case, backend: Backend, device: str, shared: Shared) -> Probe:
    reduced = plan.reduce(case)
    key = (plan.name, backend.name, device, reduced.fingerprint)
    if key not in shared:
        shared[key] = plan.made(Subject(reduced, backend, device))
    return shared[key]
