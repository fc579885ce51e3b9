"""Faults in the ensemble, whose gradient, dropout and optimizers are written by hand."""

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor

from harness.backends.ensemble.network import BatchedNetwork
from harness.backends.ensemble.optimizer import Adam, BatchedOptimizer
from harness.backends.ensemble.records import Dropout, Records
from harness.backends.ensemble.run import EnsembleRun
from harness.selftest.fault import SYNTHETIC, Fault, Inject

Masks = list[Tensor]
Method = Callable[..., Any]


def method(owner: type, name: str, wrong: Callable[[Method], Method]) -> Inject:
    """Replace a method by what ``wrong`` makes of it."""
    return lambda: patch.object(owner, name, wrong(getattr(owner, name)))


def each_mask(change: Callable[[Tensor], Tensor]) -> Inject:
    """Change every mask `[timesteps, seeds, units, records]` that is drawn."""
    return method(Dropout, "masks", lambda right: lambda *given: [change(m) for m in right(*given)])


def repeated(right: Method) -> Method:
    """Draw masks of a shape once, and return them ever after."""
    drawn: dict[tuple[int, int, int], Masks] = {}

    def masks(self: Dropout, timesteps: int, batch: int) -> Masks:
        key = (timesteps, batch, len(self.generators))
        return drawn.setdefault(key, right(self, timesteps, batch))

    return masks


def same_in_layers(right: Method) -> Method:
    """Give the second layer the masks of the first."""
    return lambda *given: [right(*given)[0]] * 2


def late_seeds_slow(right: Method) -> Method:
    """Lower the rate by 10 % from the ninth seed on."""

    def rates(*given: Any) -> Tensor:
        found: Tensor = right(*given)
        found[:, 8:] *= 0.9
        return found

    return rates


def scored_on_training_records(right: Method) -> Method:
    """Evaluate training records, whichever were asked for."""
    return lambda self, _records, scales: right(self, self.records, scales)


def maskless_backward(right: Method) -> Method:
    """Forget the masks on the way back."""
    return lambda self, x, outer, _masks: right(self, x, outer, [])


def dropout_in_evaluation(right: Method) -> Method:
    """Draw masks for evaluations too."""
    forward = BatchedNetwork.forward

    def score(run: EnsembleRun, *given: Any) -> Any:
        def dropped(network: BatchedNetwork, x: Tensor, _masks: Masks) -> Tensor:
            return forward(network, x, run.dropout.masks(len(x), x.shape[3]) if run.dropout else [])

        with patch.object(BatchedNetwork, "forward", dropped):
            return right(run, *given)

    return score


def stuck_schedule(right: Method) -> Method:
    """Leave the rate as it is from the ninth epoch on."""
    return lambda self, epoch, number: right(self, min(epoch, 8), number)


def large_epsilon(right: Method) -> Method:
    """Add an epsilon a hundred times too large."""

    def update(self: Adam, *given: Any) -> None:
        kept, self.epsilon = self.epsilon, 100 * self.epsilon
        right(self, *given)
        self.epsilon = kept

    return update


def forgetful(right: Method) -> Method:
    """Lose the moments every 50 steps."""

    def update(self: Adam, *given: Any) -> None:
        if self.steps % 50 == 0:
            for average in self.state:
                average.zero_()
        right(self, *given)

    return update


def last_batch_dropped(right: Method) -> Method:
    """Leave out the last batch, unless it is the only one."""
    return lambda self, size: right(self, size)[:-1] or right(self, size)


def unordered(_right: Method) -> Method:
    """Leave the records as they are stored."""
    return lambda self, _order: self


def labels_shifted(right: Method) -> Method:
    """Give every record the label of its neighbour."""

    def ordered(self: Records, order: Any) -> Records:
        found: Records = right(self, order)
        return Records(found.x, torch.roll(found.y, 1, 1))

    return ordered


def first_rows(right: Method) -> Method:
    """Keep the first seeds instead of those that go on."""
    return lambda self, rows: right(self, torch.arange(len(rows), device=rows.device))


def first_generators(right: Method) -> Method:
    """Keep the first seeds' masks instead of those that go on."""
    return lambda self, rows: right(self, list(range(len(rows))))


def restarted(right: Method) -> Method:
    """Count steps from zero once a seed has stopped."""

    def keep(self: BatchedOptimizer, rows: Tensor) -> None:
        right(self, rows)
        self.steps = 0

    return keep


def first_job_for_all(right: Method) -> Method:
    """Train all jobs with the first one's numbers."""

    def start(self: BatchedOptimizer, trainings: Any, parameters: Tensor) -> None:
        right(self, [trainings[0]] * len(trainings), parameters)

    return start


DROPOUT: dict[str, tuple[str, Inject, tuple[str, ...]]] = {
    "masks_repeated": (
        "the same masks at every step",
        method(Dropout, "masks", repeated),
        ("modes", "masks"),
    ),
    "masks_unscaled": (
        "what dropout keeps is not scaled",
        each_mask(lambda mask: (mask > 0).to(mask.dtype)),
        ("masks",),
    ),
    "masks_shared_by_seeds": (
        "all seeds drop the same units",
        each_mask(lambda mask: mask[:, :1].expand_as(mask).clone()),
        ("masks",),
    ),
    "masks_shared_by_units": (
        "one draw decides for all units",
        each_mask(lambda mask: mask[:, :, :1].expand_as(mask).clone()),
        ("masks",),
    ),
    "masks_shared_by_layers": (
        "two layers drop the same units",
        method(Dropout, "masks", same_in_layers),
        ("masks",),
    ),
    "masks_not_in_backward": (
        "masks are not applied to the gradient",
        method(BatchedNetwork, "backward", maskless_backward),
        ("gradient",),
    ),
    "dropout_in_evaluation": (
        "dropout stays on in evaluation",
        method(EnsembleRun, "_score", dropout_in_evaluation),
        ("modes",),
    ),
}

STEPS: dict[str, tuple[str, Inject, tuple[str, ...]]] = {
    "scored_on_training_records": (
        "validation is scored on training records",
        method(EnsembleRun, "_score", scored_on_training_records),
        ("reference_steps",),
    ),
    "stuck_schedule": (
        "the schedule stops after eight epochs",
        method(EnsembleRun, "_rates", stuck_schedule),
        ("schedule",),
    ),
    "large_epsilon": (
        "epsilon is a hundred times too large",
        method(Adam, "_update", large_epsilon),
        ("optimizer",),
    ),
    "forgetful": (
        "moments are lost every 50 steps",
        method(Adam, "_update", forgetful),
        ("optimizer",),
    ),
    "batch_dropped": (
        "the last batch of an epoch is dropped",
        method(Records, "split", last_batch_dropped),
        ("reference_steps",),
    ),
    "order_ignored": (
        "records come in their stored order",
        method(Records, "ordered", unordered),
        ("reference_steps",),
    ),
    "labels_rolled": (
        "labels are out of step with their records",
        method(Records, "ordered", labels_shifted),
        ("reference_steps",),
    ),
}

SEEDS: dict[str, tuple[str, Inject, tuple[str, ...]]] = {
    name: (sentence, inject, ("seed_independence",))
    for name, sentence, inject in (
        (
            "late_seeds_slow",
            "from the ninth seed on the rate is 10 % too small",
            method(EnsembleRun, "_rates", late_seeds_slow),
        ),
        (
            "optimizer_state_mixed_up",
            "once a seed has stopped, others take its optimizer state",
            method(BatchedOptimizer, "keep", first_rows),
        ),
        (
            "step_count_restarted",
            "once a seed has stopped, steps are counted from zero",
            method(BatchedOptimizer, "keep", restarted),
        ),
        (
            "masks_mixed_up",
            "once a seed has stopped, others take its masks",
            method(Dropout, "keep", first_generators),
        ),
        (
            "records_mixed_up",
            "once a seed has stopped, others take its records",
            method(Records, "keep", first_rows),
        ),
        (
            "first_job_for_all",
            "all jobs are trained with the numbers of the first",
            method(BatchedOptimizer, "__init__", first_job_for_all),
        ),
    )
}

FAULTS = tuple(
    Fault(
        f"ensemble_{name}", "ensemble", SYNTHETIC, sentence, "ensemble", inject, probes, "ensemble"
    )
    for name, (sentence, inject, probes) in (DROPOUT | STEPS | SEEDS).items()
)
