"""Seeds of an ensemble do not touch each other, and as many are batched as fit."""

from typing import Any

import pytest
import torch

from harness.backends.ensemble import backend as ensemble
from harness.backends.ensemble.backend import LARGEST_BATCH, Ensemble, batch_size, train_many
from harness.backends.ensemble.job import PreparedSeed
from harness.backends.ensemble.optimizer import SGD
from harness.backends.ensemble.records import Dropout
from harness.backends.ensemble.run import EnsembleRun
from harness.backends.torch.eager import Eager
from harness.scenario import Case
from tests.backends.small_cases import assert_same_record, case_of, sgd, silent

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
    run = EnsembleRun([PreparedSeed.prepare(case, seed) for seed, case in enumerate(cases)], "cpu")
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
    assert len({PreparedSeed.prepare(*job).kind for job in jobs}) == 1
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


def test_memory_and_cache_limit_the_seeds_of_a_batch() -> None:
    small = PreparedSeed.prepare(case_of(), 0)
    assert batch_size(small, "cuda") > batch_size(small, "cpu") == LARGEST_BATCH
    long = PreparedSeed.prepare(case_of({"timesteps": 2000, "records": 99}, {"units": (64,)}), 0)
    assert LARGEST_BATCH > batch_size(long, "cuda") == batch_size(long, "cpu") > 1
    wide = PreparedSeed.prepare(case_of(model={"units": (256,)}, training=EXACT), 0)
    assert batch_size(wide, "cuda") > batch_size(wide, "cpu") == 1


def test_no_more_seeds_are_prepared_than_are_trained_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []
    prepare, train = PreparedSeed.prepare, EnsembleRun.train

    def prepared(case: Case, seed: int) -> PreparedSeed:
        done.append(f"prepared {seed}")
        return prepare(case, seed)

    def noted(self: EnsembleRun, watch: Any) -> None:
        done.append(f"trained {len(self.jobs)}")
        train(self, watch)

    monkeypatch.setattr(PreparedSeed, "prepare", prepared)
    monkeypatch.setattr(EnsembleRun, "train", noted)
    monkeypatch.setattr(ensemble, "LARGEST_BATCH", 2)
    histories = Ensemble().train(case_of(), range(3), "cpu", silent)
    assert done == ["prepared 0", "prepared 1", "trained 2", "prepared 2", "trained 1"]
    assert [history.seed for history in histories] == [0, 1, 2]


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory"),
        RuntimeError(
            "[enforce fail at alloc_cpu.cpp:127] DefaultCPUAllocator: can't allocate memory"
        ),
        MemoryError("Unable to allocate 3.07 EiB for an array"),
        RuntimeError("std::bad_alloc"),
    ],
    ids=["CUDA", "CPU", "NumPy", "C++"],
)
def test_out_of_memory_halves_the_batch_until_it_fits(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    train, sizes = EnsembleRun.train, []

    def scarce(self: EnsembleRun, watch: Any) -> None:
        sizes.append(len(self.jobs))
        if len(self.jobs) > 2:
            raise error
        train(self, watch)

    monkeypatch.setattr(EnsembleRun, "train", scarce)
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
