"""Which probes a case gets, what each looks at, and which cases share one."""

from collections.abc import Callable, Collection
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from typing import NamedTuple
from warnings import catch_warnings, simplefilter

from harness.backends import Backend
from harness.backends.isolation import isolated
from harness.backends.raised import ends_the_test, sentence_of
from harness.backends.replaced import originals_kept
from harness.probes import Level, Shared
from harness.probes.ensemble import dropout as ensemble_dropout
from harness.probes.ensemble import gradient as ensemble_gradient
from harness.probes.ensemble import optimizer as ensemble_optimizer
from harness.probes.ensemble.seed_independence import seed_independence
from harness.probes.histories.precision import precision
from harness.probes.histories.reference_steps import reference_steps
from harness.probes.histories.zero_learning_rate import modes_at_zero_learning_rate
from harness.probes.opened.batches import batches
from harness.probes.opened.gradient import gradient
from harness.probes.opened.initialisation import initialisation
from harness.probes.opened.layers import layers
from harness.probes.opened.loss import loss
from harness.probes.opened.modes import modes
from harness.probes.opened.optimizer import optimizer
from harness.probes.opened.updates import clipping, schedule, zeroing
from harness.probes.reductions import declared, histories, opened
from harness.probes.toolkit.check import skipped
from harness.probes.toolkit.subject import Subject, full_precision
from harness.results.probe import SWITCHED_OFF, Probe, Status
from harness.scenario import Case


class ProbeSpec(NamedTuple):
    """A probe: what it measures, on which reduction of a case, and with TF32 off or as it is."""

    name: str
    measure: Callable[[Subject], Probe]
    reduce: Callable[[Case], Case]
    precise: bool = True

    def run(self, subject: Subject) -> Probe:
        """Measure on a reduced case; what PyTorch warns of meanwhile is told, and fails nothing."""
        with catch_warnings(record=True) as warned:
            simplefilter("always")
            probe = self._run(subject)
        texts = dict.fromkeys(str(warning.message).partition("\n")[0] for warning in warned)
        sentences = [probe.sentence, *(f"warned: {text}" for text in texts)]
        return replace(probe, name=self.name, sentence="; ".join(sentences))

    def _run(self, subject: Subject) -> Probe:
        try:
            reason = subject.backend.unsupported(subject.case)
            if reason is not None:
                return skipped(self.name, f"the reduced case: {reason}")
            with full_precision(subject.device) if self.precise else nullcontext():
                return self.measure(subject)
        except BaseException as error:  # noqa: BLE001  # whatever is raised is a result
            return self.raised(error, subject.case)

    def raised(self, error: BaseException, case: Case) -> Probe:
        """Return the probe that raised: it failed, unless a user's module may have raised.

        As in training, whatever is raised is a result.
        """
        if ends_the_test(error):
            raise error
        status: Status = "error" if case.own_code else "fail"
        return Probe(self.name, status, None, None, f"raised {sentence_of(error)}")


one_seed = partial(reference_steps, seeds=(1,))
"""The second of two; one probe asks whether two seeds disturb each other, and it is enough."""

FAST = (
    ProbeSpec("reference_steps", reference_steps, opened.for_steps),
    ProbeSpec("small_gradients", one_seed, histories.for_small_gradients),
    ProbeSpec("layers", layers, opened.for_layers, precise=False),
    ProbeSpec("loss", loss, opened.for_model),
    ProbeSpec("gradient", gradient, opened.for_model),
    ProbeSpec("modes", modes, opened.for_model),
    ProbeSpec("optimizer", optimizer, opened.for_formula),
    ProbeSpec("batches", batches, opened.for_batches),
    ProbeSpec("initialisation", initialisation, opened.for_initialisation),
    ProbeSpec("schedule", schedule, opened.for_schedule),
    ProbeSpec("clipping", clipping, opened.for_clipping),
    ProbeSpec("zeroing", zeroing, opened.for_optimizer),
)

HALF = (
    ProbeSpec("precision", precision, opened.for_precision),
    ProbeSpec("loss_scaling", precision, opened.for_loss_scaling),
)
"""What is asked of a step in half precision; all else is asked of it in float32. Where a run opens,
the first looks at small gradients as well."""

DECLARED = (
    ProbeSpec(
        "reference_steps_declared",
        reference_steps,
        declared.as_declared_without_dropout,
    ),
    ProbeSpec("layers_declared", layers, declared.as_declared, precise=False),
    ProbeSpec("gradient_declared", gradient, declared.as_declared),
    ProbeSpec("zeroing_declared", zeroing, declared.as_declared),
)
"""The same questions at the declared sizes, rates and starting weights."""


HISTORIES = (
    ProbeSpec("reference_steps", reference_steps, opened.for_steps),
    ProbeSpec("layers", reference_steps, histories.for_widths),
    ProbeSpec("modes", modes_at_zero_learning_rate, histories.for_zero_learning_rate),
    ProbeSpec("small_gradients", one_seed, histories.for_small_gradients),
    ProbeSpec("schedule", reference_steps, histories.for_whole_schedule),
)
"""What can be asked of a backend that shows its histories only. Order and completeness of batches,
starting weights, loss, clipping and zeroing all enter the losses and norms of `reference_steps`."""

BATCHED = (
    ProbeSpec("reference_steps", one_seed, opened.for_steps),
    ProbeSpec("layers", one_seed, histories.for_widths),
    *HISTORIES[2:],
    ProbeSpec("seed_independence", seed_independence, histories.for_seed_independence),
    ProbeSpec("optimizer", ensemble_optimizer.optimizer, opened.for_optimizer),
    ProbeSpec("masks", ensemble_dropout.masks, opened.for_model),
    ProbeSpec("gradient", ensemble_gradient.gradient, opened.for_model),
)
"""What is asked of the ensemble, whose run can be opened too; `seed_independence` covers the other
seeds."""


def make(
    case: Case,
    backend: Backend,
    device: str,
    level: Level,
    shared: Shared,
    names: Collection[str] | None = None,
    begin: Callable[[str], None] | None = None,
) -> list[Probe]:
    """Make, or take from ``shared``, every probe of the level; see `harness.results.probe`."""
    own = case.own_code
    with originals_kept(may_be_replaced=bool(own), own=own):  # training has told of it
        specs = specs_of(Subject(case, backend, device), level)
        made = []
        for spec in specs if names is None else [each for each in specs if each.name in names]:
            if (reason := case.probes.why_off(spec.name)) is not None:
                made.append(skipped(spec.name, f"{SWITCHED_OFF}{reason}"))
                continue
            if begin is not None:
                begin(f"probe {spec.name}")
            made.append(_shared(spec, case, backend, device, shared))
        return made


def specs_of(subject: Subject, level: Level) -> tuple[ProbeSpec, ...]:
    """Return what is asked of the subject's backend, fast or in full."""
    half = HALF if subject.case.training.half is not None else ()
    if subject.opens:
        return (FAST if level == "fast" else FAST + DECLARED) + half[:1]
    specs = BATCHED if subject.opens_batch else HISTORIES
    return (specs if level == "fast" else specs + DECLARED[:1]) + half


def _shared(spec: ProbeSpec, case: Case, backend: Backend, device: str, shared: Shared) -> Probe:
    try:
        with isolated():
            reduced = spec.reduce(case)
    except BaseException as error:  # noqa: BLE001  # as in `ProbeSpec.run`
        return spec.raised(error, case)
    key = (spec.name, backend.name, device, reduced.fingerprint)
    if key not in shared:
        with isolated():
            shared[key] = spec.run(Subject(reduced, backend, device))
    return shared[key]
