"""Seeds trained together do not touch each other."""

from typing import Any

import numpy as np
import pytest
import torch
from test_ensemble import assert_same_record, case_of, sgd, silent

from harness.backends.batched_job import Job
from harness.backends.batched_optimizer import SGD
from harness.backends.batched_records import Dropout
from harness.backends.batched_run import BatchedRun
from harness.backends.eager import Eager
from harness.backends.ensemble import LARGEST_BATCH, Ensemble, batch_size, train_many
from harness.scenario import Case

EXACT = {"dtype": "float64"}


def test_a_seed_that_diverges_leaves_its_neighbours_unchanged() -> None:
    relu = {"cell_activation": "relu"}
    calm = case_of(model=relu, training=sgd(**EXACT))
    wild = case_of(model=relu, training=sgd(learning_rate=1e200, **EXACT))
    first, diverged, second = train_many([(calm, 0), (wild, 1), (calm, 2)], "cpu", silent)
    assert diverged.stopped == "non_finite"
    assert diverged.epochs < first.epochs
    for history in (first, second):
        (alone,) = Ensemble().train(calm, [history.seed], "cpu", silent)
        assert_same_record(history, alone, 1e-13)


def test_a_finished_seed_leaves_the_batch() -> None:
    cases = [case_of(training={"epochs": epochs}) for epochs in (2, 5, 5)]
    run = BatchedRun([Job.prepare(case, seed) for seed, case in enumerate(cases)], "cpu")
    rows: list[int] = []
    run.train(lambda _, epoch: rows.append(len(run.jobs)))
    assert rows == [3, 3, 3, 2, 2, 2, 2, 2, 2, 2, 0, 0]
    assert [run.finished[n].epochs for n in range(3)] == [2, 5, 5]


def numbers(**training: Any) -> Case:
    case: Case = case_of(training=sgd(**{"momentum": 0.9, "clip_norm": 1.0, **EXACT, **training}))
    return case


def test_different_numbers_in_one_batch_equal_separate_training() -> None:
    cases = [
        numbers(),
        numbers(learning_rate=0.5),
        numbers(momentum=0.3),
        numbers(clip_norm=0.01),
        numbers(schedule="cosine", epochs=3),
        numbers().model_copy(update={"model": case_of(model={"init_scale": 0.1}).model}),
    ]
    jobs = [(case, 4) for case in cases]
    assert len({Job.prepare(*job).kind for job in jobs}) == 1
    for (case, seed), together in zip(jobs, train_many(jobs, "cpu", silent), strict=True):
        (alone,) = Eager().train(case, [seed], "cpu", silent)
        assert_same_record(together, alone, 1e-9)


def test_each_seed_is_clipped_by_its_own_norm() -> None:
    gradients, parameters = torch.tensor([[3.0, 4.0], [0.3, 0.4]]), torch.zeros(2, 2)
    optimizer = SGD([numbers().training] * 2, parameters)
    optimizer.step(parameters, gradients, torch.ones(2, 1))
    torch.testing.assert_close(parameters, -torch.tensor([[0.6, 0.8], [0.3, 0.4]]))


def test_dropout_masks_differ_between_seeds_and_keep_the_mean() -> None:
    dropout = Dropout([0, 1], [0.25, 0.25], [50], torch.zeros(1))
    (mask,) = dropout.masks(timesteps=4, batch=32)
    (again,) = dropout.masks(timesteps=4, batch=32)
    assert not torch.equal(mask[:, 0], mask[:, 1])
    assert not torch.equal(mask, again)
    assert sorted(set(mask.flatten().tolist())) == pytest.approx([0.0, 4 / 3])
    assert (mask == 0).float().mean().item() == pytest.approx(0.25, abs=0.02)


def test_dropout_of_a_seed_does_not_depend_on_its_neighbours() -> None:
    case = case_of(model={"dropout": 0.5}, training=EXACT)
    _, together, _ = Ensemble().train(case, [0, 1, 2], "cpu", silent)
    (alone,) = Ensemble().train(case, [1], "cpu", silent)
    assert_same_record(together, alone, 1e-12)
    (undropped,) = Ensemble().train(case_of(training=EXACT), [1], "cpu", silent)
    assert together.train_loss[0] == pytest.approx(undropped.train_loss[0], rel=1e-12)
    assert together.train_loss[-1] != pytest.approx(undropped.train_loss[-1], rel=1e-6)


def test_with_the_same_masks_dropout_equals_eager(monkeypatch: pytest.MonkeyPatch) -> None:
    case = case_of(model={"units": (5, 3), "dropout": 0.5}, training=EXACT)
    ours, theirs = np.random.default_rng(0), np.random.default_rng(0)

    def draw(rng: np.random.Generator, timesteps: int, units: int, batch: int) -> torch.Tensor:
        return torch.from_numpy(2.0 * (rng.random((timesteps, 1, units, batch)) < 0.5))

    def masks(self: Dropout, timesteps: int, batch: int) -> list[torch.Tensor]:
        return [draw(ours, timesteps, units, batch) for units in self.units]

    def forward(self: torch.nn.Dropout, x: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return x
        return x * draw(theirs, x.shape[1], x.shape[2], x.shape[0])[:, 0].permute(2, 0, 1)

    monkeypatch.setattr(Dropout, "masks", masks)
    monkeypatch.setattr(torch.nn.Dropout, "forward", forward)
    (history,) = Ensemble().train(case, [0], "cpu", silent)
    (reference,) = Eager().train(case, [0], "cpu", silent)
    np.testing.assert_allclose(history.first_losses, reference.first_losses, 1e-10)
    assert_same_record(history, reference, 1e-9)


def test_memory_and_cache_limit_the_seeds_of_a_batch() -> None:
    assert batch_size(Job.prepare(case_of(), 0), "cpu") == LARGEST_BATCH
    long = Job.prepare(case_of({"timesteps": 2000, "records": 99}, {"units": (64,)}), 0)
    assert batch_size(long, "cuda") < LARGEST_BATCH
    wide = Job.prepare(case_of(model={"units": (256,)}), 0)
    assert batch_size(wide, "cuda") == LARGEST_BATCH
    assert batch_size(wide, "cpu") == 1


def test_out_of_memory_halves_the_batch_until_it_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    train, sizes = BatchedRun.train, []

    def scarce(self: BatchedRun, watch: Any) -> None:
        sizes.append(len(self.jobs))
        if len(self.jobs) > 2:
            raise torch.OutOfMemoryError("CUDA out of memory")
        train(self, watch)

    monkeypatch.setattr(BatchedRun, "train", scarce)
    histories = Ensemble().train(case_of(), range(5), "cpu", silent)
    assert sizes == [5, 2, 3, 1, 2]
    assert [(h.seed, h.stopped) for h in histories] == [(seed, "budget") for seed in range(5)]


def test_what_training_raises_is_recorded_with_the_finished_epochs() -> None:
    def interrupt(seed: int, epoch: int) -> None:
        if epoch == 3:
            raise RuntimeError("CUDA out of memory: nothing is left")

    (history,) = Ensemble().train(case_of(), [0], "cpu", interrupt)
    assert (history.stopped, history.epochs) == ("crashed", 3)
    assert history.message == "RuntimeError: CUDA out of memory: nothing is left"


def test_wall_time_is_shared_between_the_seeds() -> None:
    cases = [case_of(training={"epochs": epochs}) for epochs in (1, 9, 9)]
    early, *late = train_many([(case, 0) for case in cases], "cpu", silent)
    assert 0 < early.seconds < late[0].seconds
    assert late[0].seconds == pytest.approx(late[1].seconds, abs=1e-3)
