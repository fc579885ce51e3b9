"""The ensemble equals `eager`, seed by seed, and its seeds do not touch each other.

One file, because its two halves share their cases and test modules cannot import each other.
"""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from harness.backends import batched_fused, ensemble
from harness.backends.batched_fused import FusedNetwork
from harness.backends.batched_job import Job
from harness.backends.batched_loss import gradient, loss
from harness.backends.batched_network import BatchedNetwork
from harness.backends.batched_optimizer import SGD
from harness.backends.batched_records import Dropout
from harness.backends.batched_run import BatchedRun, network_of
from harness.backends.eager import Eager
from harness.backends.ensemble import LARGEST_BATCH, Ensemble, batch_size, train_many
from harness.history import History
from harness.scenario import TASKS, Case, Converged, Model, Seeds, Training
from harness.scenario.names import Activation

TOLERANCE = {"float32": 1e-5, "float64": 1e-10}

WAYS = {"stepped": math.inf, "fused": 0.0}
"""Least work that is done in fused calls: each way can be had at any size."""


def case_of(
    data: dict[str, Any] | None = None,
    model: dict[str, Any] | None = None,
    training: dict[str, Any] | None = None,
    converged: dict[str, Any] | None = None,
) -> Case:
    """A small case: two layers, 40 records in three batches, 21 steps."""
    table = {"records": 40, "timesteps": 3, "validation_records": 9} | (data or {})
    epochs = {"batch_size": 16, "epochs": 7, "learning_rate": 0.01}
    never = {"metric": "loss", "at_most": -1.0}
    return Case.model_construct(
        name="case",
        expect="converges",
        scenario="scenario",
        directory=Path(),
        data=TASKS[table.pop("task", "mean_sign")].model_validate(table),
        model=Model.model_validate({"units": (4, 4)} | (model or {})),
        training=Training.model_validate(epochs | (training or {})),
        converged=Converged.model_validate(converged or never),
        seeds=Seeds.model_validate({}),
    )


def silent(seed: int, epoch: int) -> None:
    """Watch nothing."""


def sgd(**numbers: Any) -> dict[str, Any]:
    return {"optimizer": "sgd", "learning_rate": 0.1} | numbers


CASES = {
    "adam": case_of(),
    "adam_l2": case_of(training={"weight_decay": 0.1, "epsilon": 1e-3}),
    "adamw": case_of(training={"optimizer": "adamw", "weight_decay": 0.1}),
    "rmsprop": case_of(training={"optimizer": "rmsprop", "weight_decay": 0.01}),
    "rmsprop_momentum": case_of(training={"optimizer": "rmsprop", "momentum": 0.5}),
    "sgd": case_of(training=sgd()),
    "sgd_momentum": case_of(training=sgd(momentum=0.9, weight_decay=0.01)),
    "one_layer": case_of(model={"units": (5,)}),
    "widths": case_of(model={"units": (5, 2, 3)}),
    "two_biases": case_of(model={"init": "torch"}, training={"weight_decay": 0.1}),
    "module": case_of(model={"init": "module", "units": (3, 4)}),
    "forget_bias": case_of(model={"init": "orthogonal", "forget_bias": 3.0}),
    "hard_sigmoid_relu": case_of(
        model={"gate_activation": "hard_sigmoid", "cell_activation": "relu"}
    ),
    "softplus_linear": case_of(model={"gate_activation": "softplus", "cell_activation": "linear"}),
    "regression": case_of(
        {"task": "mean_value", "target_scale": 50.0, "normalize_targets": "standard"},
        converged={"metric": "rmse", "at_most": 0.0},
    ),
    "class_weights": case_of(
        {"task": "mean_threshold", "positive_rate": 0.2},
        training={"class_weights": "balanced"},
        converged={"metric": "balanced_accuracy", "at_least": 1.1},
    ),
    "oversampled": case_of({"oversample": True, "records": 30}, {"units": (3,)}, {"batch_size": 8}),
    "clipping": case_of(training=sgd(clip_norm=0.05)),
    "warmup_cosine": case_of(training=sgd(schedule="cosine", warmup_epochs=1.5)),
    "step": case_of(training=sgd(schedule="step", decay_epochs=2)),
    "exponential": case_of(training=sgd(schedule="exponential", decay_epochs=3)),
    "sequence_of_one": case_of({"timesteps": 1}, training={"shuffle": False}),
    "no_validation": case_of({"validation_records": 0, "distractor_scale": 1.0}),
}


def in_dtype(case: Case, dtype: str) -> Case:
    return case.model_copy(update={"training": case.training.model_copy(update={"dtype": dtype})})


@pytest.mark.parametrize(
    ("dtype", "way"), [("float32", "stepped"), ("float32", "fused"), ("float64", "stepped")]
)
@pytest.mark.parametrize("name", CASES)
def test_first_steps_equal_eager(
    name: str, dtype: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batched_fused, "LEAST_WORK", WAYS[way])
    case, seeds = (
        in_dtype(CASES[name], dtype),
        [5] if (dtype, way) == ("float32", "stepped") else [3, 8],
    )
    reference = Eager().train(case, seeds, "cpu", silent)
    for ours, theirs in zip(Ensemble().train(case, seeds, "cpu", silent), reference, strict=True):
        assert len(theirs.first_losses) == 20
        np.testing.assert_allclose(ours.first_losses, theirs.first_losses, TOLERANCE[dtype])
        assert_same_record(ours, theirs, 100 * TOLERANCE[dtype])


def assert_same_record(ours: History, theirs: History, tolerance: float) -> None:
    assert (ours.message, ours.stopped) == (theirs.message, theirs.stopped)
    assert (ours.seed, ours.steps, ours.layers) == (theirs.seed, theirs.steps, theirs.layers)
    for name in ("train_loss", "train_metric", "validation_loss", "validation_metric"):
        np.testing.assert_allclose(getattr(ours, name), getattr(theirs, name), tolerance)
    np.testing.assert_allclose(ours.gradient_norm, theirs.gradient_norm, tolerance, tolerance)
    np.testing.assert_allclose(ours.update_ratio, theirs.update_ratio, tolerance, tolerance)


def test_the_same_seeds_converge_at_the_same_epochs() -> None:
    case = case_of(
        {"task": "first_value", "records": 100},
        {"units": (8,)},
        {"learning_rate": 0.03, "epochs": 7},
        {"metric": "accuracy", "at_least": 1.0, "hold": 2},
    )
    seeds = range(10)
    ours = Ensemble().train(case, seeds, "cpu", silent)
    theirs = Eager().train(case, seeds, "cpu", silent)
    assert {history.stopped for history in theirs} == {"converged", "budget"}
    assert [history.stopped for history in ours] == [history.stopped for history in theirs]
    agree = [a.epochs == b.epochs for a, b in zip(ours, theirs, strict=True)]
    assert np.mean(agree) >= 0.9


@pytest.mark.parametrize(
    ("gate", "cell"),
    [("sigmoid", "tanh"), ("softplus", "linear"), ("hard_sigmoid", "softplus"), ("tanh", "relu")],
)
def test_backward_equals_finite_differences(gate: Activation, cell: Activation) -> None:
    torch.manual_seed(0)
    model = Model(units=(3, 2), init="torch", gate_activation=gate, cell_activation=cell)
    size = 4 * 3 * (2 + 3 + 2) + 4 * 2 * (3 + 2 + 2) + 4 * 3
    start = torch.randn(2, size, dtype=torch.float64) / 4
    x, y = torch.randn(4, 2, 2, 5).double(), torch.randint(0, 4, (2, 5))
    masks = [torch.rand(4, 2, units, 5).double() for units in model.units]
    weights = torch.rand(2, 4).double()

    def loss_at(parameters: torch.Tensor) -> torch.Tensor:
        network = BatchedNetwork(model, 2, 4, parameters)
        return loss(network.forward(x, masks), y, weights)

    network = BatchedNetwork(model, 2, 4, start)
    network.backward(x, gradient(network.forward(x, masks), y, weights), masks)
    for direction in torch.randn(5, 2, size).double():
        step = 1e-5 * direction
        difference = (loss_at(start + step) - loss_at(start - step)) / 2e-5
        slope = (network.gradients * direction).sum(1)
        torch.testing.assert_close(slope, difference, rtol=1e-5, atol=1e-8)


def test_an_epoch_trains_all_its_steps() -> None:
    first_epoch = Ensemble().epoch(case_of(), "cpu")
    assert first_epoch() == 3


def test_a_users_own_module_is_unsupported() -> None:
    reason = Ensemble().unsupported(case_of(model={"factory": "my.models:Mine"}))
    assert reason is not None
    assert "my.models:Mine" in reason


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


@pytest.mark.parametrize(("dtype", "way"), [("float64", "stepped"), ("float32", "fused")])
def test_with_the_same_masks_dropout_equals_eager(
    dtype: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batched_fused, "LEAST_WORK", WAYS[way])
    case = in_dtype(case_of(model={"units": (5, 3), "dropout": 0.5}), dtype)
    like = torch.zeros(0, dtype=getattr(torch, dtype))
    ours, theirs = np.random.default_rng(0), np.random.default_rng(0)

    def draw(rng: np.random.Generator, timesteps: int, units: int, batch: int) -> torch.Tensor:
        kept = rng.random((timesteps, 1, units, batch)) < 0.5
        return torch.from_numpy(2.0 * kept).to(like)

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
    np.testing.assert_allclose(history.first_losses, reference.first_losses, TOLERANCE[dtype])
    assert_same_record(history, reference, 100 * TOLERANCE[dtype])


@pytest.mark.parametrize(
    ("changed", "fused"),
    [
        ({}, False),
        ({"data": {"timesteps": 200}}, True),
        ({"model": {"units": (4, 256)}}, True),
        ({"model": {"units": (60,)}}, False),
        ({"model": {"units": (60,)}, "training": {"batch_size": 64}}, True),
        ({"data": {"timesteps": 200}, "training": {"dtype": "float64"}}, False),
        ({"data": {"timesteps": 200}, "model": {"cell_activation": "relu"}}, False),
        ({"data": {"timesteps": 200}, "model": {"gate_activation": "hard_sigmoid"}}, False),
    ],
)
def test_long_and_wide_cases_are_trained_in_fused_calls(
    changed: dict[str, Any], fused: bool
) -> None:
    job = Job.prepare(case_of(**changed), 0)
    assert (network_of(job, "cpu") is FusedNetwork) == fused
    assert network_of(job, "cuda") is not FusedNetwork


def test_memory_and_cache_limit_the_seeds_of_a_batch() -> None:
    small = Job.prepare(case_of(), 0)
    assert batch_size(small, "cuda") > batch_size(small, "cpu") == LARGEST_BATCH
    long = Job.prepare(case_of({"timesteps": 2000, "records": 99}, {"units": (64,)}), 0)
    assert LARGEST_BATCH > batch_size(long, "cuda") > batch_size(long, "cpu") == 1
    wide = Job.prepare(case_of(model={"units": (256,)}, training=EXACT), 0)
    assert batch_size(wide, "cuda") > batch_size(wide, "cpu") == 1


def test_no_more_seeds_are_prepared_than_are_trained_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []
    prepare, train = Job.prepare, BatchedRun.train

    def prepared(case: Case, seed: int) -> Job:
        done.append(f"prepared {seed}")
        return prepare(case, seed)

    def noted(self: BatchedRun, watch: Any) -> None:
        done.append(f"trained {len(self.jobs)}")
        train(self, watch)

    monkeypatch.setattr(Job, "prepare", prepared)
    monkeypatch.setattr(BatchedRun, "train", noted)
    monkeypatch.setattr(ensemble, "LARGEST_BATCH", 2)
    histories = Ensemble().train(case_of(), range(3), "cpu", silent)
    assert done == ["prepared 0", "prepared 1", "trained 2", "prepared 2", "trained 1"]
    assert [history.seed for history in histories] == [0, 1, 2]


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
