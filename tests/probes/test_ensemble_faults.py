"""Faults put into the ensemble, and the probe that each is caught by."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import torch
from torch import Tensor

from harness.backends import get
from harness.backends.ensemble.network import BatchedNetwork
from harness.backends.ensemble.optimizer import Adam, BatchedOptimizer
from harness.backends.ensemble.records import Dropout, Records
from harness.backends.ensemble.run import BatchedRun
from harness.probes import probe
from harness.scenario import Case

Make = Callable[..., Case]
Patch = pytest.MonkeyPatch
Masks = list[Tensor]

CASE = """
model.dropout = 0.5
training.schedule = "cosine"
training.warmup_epochs = 2
training.epochs = 30
training.weight_decay = 0.01
"""


def masks_repeated(patch: Patch) -> None:
    drawn: dict[tuple[int, int, int], Masks] = {}
    masks = Dropout.masks

    def again(self: Dropout, timesteps: int, batch: int) -> Masks:
        key = (timesteps, batch, len(self.generators))
        return drawn.setdefault(key, masks(self, timesteps, batch))

    patch.setattr(Dropout, "masks", again)


def masks_not_rescaled(patch: Patch) -> None:
    masks = Dropout.masks
    patch.setattr(
        Dropout, "masks", lambda *given: [(mask > 0).to(mask.dtype) for mask in masks(*given)]
    )


def masks_shared_by_seeds(patch: Patch) -> None:
    masks = Dropout.masks
    patch.setattr(
        Dropout, "masks", lambda *given: [m[:, :1].expand_as(m).clone() for m in masks(*given)]
    )


def masks_repeated_for_units(patch: Patch) -> None:
    masks = Dropout.masks
    patch.setattr(
        Dropout, "masks", lambda *given: [m[:, :, :1].expand_as(m).clone() for m in masks(*given)]
    )


def masks_repeated_in_layers(patch: Patch) -> None:
    masks = Dropout.masks
    patch.setattr(Dropout, "masks", lambda *given: [masks(*given)[0]] * 2)


def rate_too_low_from_the_ninth_seed_on(patch: Patch) -> None:
    rates = BatchedRun._rates

    def lower(self: BatchedRun, *given: int) -> Tensor:
        found = rates(self, *given)
        found[:, 8:] *= 0.9
        return found

    patch.setattr(BatchedRun, "_rates", lower)


def validation_scored_on_training_records(patch: Patch) -> None:
    score = BatchedRun._score
    patch.setattr(
        BatchedRun, "_score", lambda self, _records, scales: score(self, self.records, scales)
    )


def masks_forgotten_going_back(patch: Patch) -> None:
    backward = BatchedNetwork.backward
    patch.setattr(
        BatchedNetwork, "backward", lambda self, x, outer, _masks: backward(self, x, outer, [])
    )


def dropout_in_evaluation(patch: Patch) -> None:
    score, forward = BatchedRun._score, BatchedNetwork.forward

    @contextmanager
    def masked(run: BatchedRun) -> Iterator[None]:
        def dropped(network: BatchedNetwork, x: Tensor, _masks: Masks) -> Tensor:
            given = run.dropout.masks(len(x), x.shape[3]) if run.dropout else []
            return forward(network, x, given)

        with Patch.context() as local:
            local.setattr(BatchedNetwork, "forward", dropped)
            yield

    def evaluate(self: BatchedRun, *given: Any) -> Any:
        with masked(self):
            return score(self, *given)

    patch.setattr(BatchedRun, "_score", evaluate)


def schedule_stuck_after_eight_epochs(patch: Patch) -> None:
    rates = BatchedRun._rates
    patch.setattr(BatchedRun, "_rates", lambda self, epoch, n: rates(self, min(epoch, 8), n))


def epsilon_a_hundred_times_too_large(patch: Patch) -> None:
    update = Adam._update

    def larger(self: Adam, *given: Any) -> None:
        kept, self.epsilon = self.epsilon, 100 * self.epsilon
        update(self, *given)
        self.epsilon = kept

    patch.setattr(Adam, "_update", larger)


def moments_lost_every_fifty_steps(patch: Patch) -> None:
    update = Adam._update

    def forgetful(self: Adam, *given: Any) -> None:
        if self.steps % 50 == 0:
            for average in self.state:
                average.zero_()
        update(self, *given)

    patch.setattr(Adam, "_update", forgetful)


def last_batch_dropped(patch: Patch) -> None:
    split = Records.split
    patch.setattr(Records, "split", lambda self, size: split(self, size)[:-1] or split(self, size))


def order_ignored(patch: Patch) -> None:
    patch.setattr(Records, "ordered", lambda self, _order: self)


def labels_out_of_step(patch: Patch) -> None:
    ordered = Records.ordered

    def shifted(self: Records, order: Any) -> Records:
        found = ordered(self, order)
        return Records(found.x, torch.roll(found.y, 1, 1))

    patch.setattr(Records, "ordered", shifted)


def leaving_takes_the_wrong_optimizer_state(patch: Patch) -> None:
    keep = BatchedOptimizer.keep
    patch.setattr(BatchedOptimizer, "keep", lambda self, rows: keep(self, torch.arange(len(rows))))


def leaving_restarts_the_step_count(patch: Patch) -> None:
    keep = BatchedOptimizer.keep

    def restart(self: BatchedOptimizer, rows: Tensor) -> None:
        keep(self, rows)
        self.steps = 0

    patch.setattr(BatchedOptimizer, "keep", restart)


def leaving_mixes_up_the_masks(patch: Patch) -> None:
    keep = Dropout.keep
    patch.setattr(Dropout, "keep", lambda self, rows: keep(self, list(range(len(rows)))))


def leaving_mixes_up_the_records(patch: Patch) -> None:
    keep = Records.keep
    patch.setattr(Records, "keep", lambda self, rows: keep(self, torch.arange(len(rows))))


def numbers_of_the_first_job_for_all(patch: Patch) -> None:
    begin = BatchedOptimizer.__init__

    def alike(self: BatchedOptimizer, trainings: Any, parameters: Tensor) -> None:
        begin(self, [trainings[0]] * len(trainings), parameters)

    patch.setattr(BatchedOptimizer, "__init__", alike)


@pytest.mark.parametrize(
    ("fault", "probes"),
    [
        (masks_repeated, {"modes", "masks"}),
        (masks_not_rescaled, {"masks"}),
        (masks_shared_by_seeds, {"masks"}),
        (masks_repeated_for_units, {"masks"}),
        (masks_repeated_in_layers, {"masks"}),
        (rate_too_low_from_the_ninth_seed_on, {"seed_independence"}),
        (validation_scored_on_training_records, {"reference_steps"}),
        (masks_forgotten_going_back, {"gradient"}),
        (leaving_takes_the_wrong_optimizer_state, {"seed_independence"}),
        (leaving_restarts_the_step_count, {"seed_independence"}),
        (leaving_mixes_up_the_masks, {"seed_independence"}),
        (leaving_mixes_up_the_records, {"seed_independence"}),
        (numbers_of_the_first_job_for_all, {"seed_independence"}),
        (dropout_in_evaluation, {"modes"}),
        (schedule_stuck_after_eight_epochs, {"schedule"}),
        (epsilon_a_hundred_times_too_large, {"optimizer"}),
        (moments_lost_every_fifty_steps, {"optimizer"}),
        (last_batch_dropped, {"reference_steps"}),
        (order_ignored, {"reference_steps"}),
        (labels_out_of_step, {"reference_steps"}),
    ],
)
def test_a_fault_of_the_ensemble_is_caught_by_its_probe(
    make_case: Make,
    monkeypatch: Patch,
    fault: Callable[[Patch], None],
    probes: set[str],
) -> None:
    case = make_case(CASE)
    fault(monkeypatch)
    found = probe(case, get("ensemble"), "cpu", "fast")
    assert {each.name for each in found if each.status == "fail"} >= probes
