"""The ensemble equals `eager`, seed by seed."""

import numpy as np
import pytest
import torch

from harness.backends.ensemble.backend import Ensemble
from harness.backends.ensemble.loss import BatchedLoss
from harness.backends.ensemble.network import BatchedNetwork
from harness.backends.ensemble.records import Dropout
from harness.backends.torch.eager import Eager
from harness.scenario import Model
from harness.scenario.vocabulary import ActivationName
from tests.backends.small_cases import (
    TOLERANCE,
    assert_same_record,
    case_of,
    in_dtype,
    sgd,
    silent,
)

CASES = {
    "adam": case_of(),
    "adam_l2": case_of(training={"weight_decay": 0.1, "epsilon": 1e-3}),
    "adamw": case_of(training={"optimizer": "adamw", "weight_decay": 0.1}),
    "rmsprop": case_of(training={"optimizer": "rmsprop", "weight_decay": 0.01}),
    "rmsprop_momentum": case_of(training={"optimizer": "rmsprop", "momentum": 0.5}),
    "sgd": case_of(training=sgd()),
    "sgd_momentum": case_of(training=sgd(momentum=0.9, weight_decay=0.01)),
    "sgd_nesterov": case_of(training=sgd(momentum=0.9, nesterov=True)),
    "adadelta": case_of(training={"optimizer": "adadelta", "learning_rate": 1.0}),
    "adagrad": case_of(training={"optimizer": "adagrad", "weight_decay": 0.1}),
    "adamax": case_of(training={"optimizer": "adamax", "weight_decay": 0.1}),
    "radam": case_of(training={"optimizer": "radam", "weight_decay": 0.1}),
    "gru": case_of(model={"kind": "gru"}, training={"weight_decay": 0.1}),
    "gru_two_ways": case_of(
        model={"kind": "gru", "bidirectional": True, "units": (5, 3), "init": "torch"},
        training=sgd(clip_norm=0.05),
    ),
    "gru_module": case_of(model={"kind": "gru", "init": "module", "cell_activation": "tanh"}),
    "gru_activations": case_of(
        model={"kind": "gru", "gate_activation": "hard_sigmoid", "cell_activation": "softplus"}
    ),
    "two_ways": case_of(model={"bidirectional": True}),
    "two_ways_of_one": case_of({"timesteps": 1}, {"bidirectional": True, "units": (3,)}),
    "two_ways_each_step": case_of(
        {"task": "running_sign"}, {"bidirectional": True, "units": (4, 3), "kind": "gru"}
    ),
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
    "linear": case_of(training=sgd(schedule="linear")),
    "one_cycle": case_of(training=sgd(schedule="one_cycle")),
    "cosine_restarts": case_of(training=sgd(schedule="cosine_restarts", decay_epochs=3)),
    "plateau": case_of(training=sgd(schedule="plateau", decay_epochs=1, learning_rate=3.0)),
    "step": case_of(training=sgd(schedule="step", decay_epochs=2)),
    "exponential": case_of(training=sgd(schedule="exponential", decay_epochs=3)),
    "projected": case_of(model={"projection": 2, "units": (4, 3), "init": "torch"}),
    "projected_both_ways": case_of(
        {"task": "running_sign", "lengths": (1, 3)},
        {"projection": 2, "bidirectional": True, "bias": False},
    ),
    "projected_carried": case_of(
        model={"projection": 3}, training={"stateful": True, "shuffle": False}
    ),
    "rnn": case_of(model={"kind": "rnn", "units": (4, 3), "init": "torch"}),
    "relu_rnn": case_of(model={"kind": "rnn", "cell_activation": "relu", "bidirectional": True}),
    "rnn_carried": case_of(
        model={"kind": "rnn", "bias": False}, training={"stateful": True, "shuffle": False}
    ),
    "sequence_of_one": case_of({"timesteps": 1}, training={"shuffle": False}),
    "no_validation": case_of({"validation_records": 0, "distractor_scale": 1.0}),
}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", CASES)
def test_first_steps_equal_eager(name: str, dtype: str) -> None:
    case, seeds = in_dtype(CASES[name], dtype), [5] if dtype == "float32" else [3, 8]
    reference = Eager().train(case, seeds, "cpu", silent)
    for ours, theirs in zip(Ensemble().train(case, seeds, "cpu", silent), reference, strict=True):
        assert len(theirs.first_losses) == 20
        np.testing.assert_allclose(ours.first_losses, theirs.first_losses, TOLERANCE[dtype])
        assert_same_record(ours, theirs, 100 * TOLERANCE[dtype])


def test_nadam_equals_eager_to_float32_in_float64_too() -> None:
    """PyTorch keeps the product of its momenta in float32."""
    case = in_dtype(case_of(training={"optimizer": "nadam", "weight_decay": 0.1}), "float64")
    (ours,), (theirs,) = (b.train(case, [3], "cpu", silent) for b in (Ensemble(), Eager()))
    assert_same_record(ours, theirs, TOLERANCE["float32"])


def test_with_the_same_masks_dropout_equals_eager(monkeypatch: pytest.MonkeyPatch) -> None:
    case = in_dtype(case_of(model={"units": (5, 3), "dropout": 0.5}), "float64")
    like = torch.zeros(0, dtype=torch.float64)
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
    np.testing.assert_allclose(history.first_losses, reference.first_losses, TOLERANCE["float64"])
    assert_same_record(history, reference, 100 * TOLERANCE["float64"])


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
def test_backward_equals_finite_differences(gate: ActivationName, cell: ActivationName) -> None:
    torch.manual_seed(0)
    model = Model(units=(3, 2), init="torch", gate_activation=gate, cell_activation=cell)
    size = 4 * 3 * (2 + 3 + 2) + 4 * 2 * (3 + 2 + 2) + 4 * 3
    start = torch.randn(2, size, dtype=torch.float64) / 4
    x, y = torch.randn(4, 2, 2, 5).double(), torch.randint(0, 4, (2, 5))
    masks = [torch.rand(4, 2, units, 5).double() for units in model.units]
    loss = BatchedLoss("cross_entropy", torch.rand(2, 4).double())

    def loss_at(parameters: torch.Tensor) -> torch.Tensor:
        network = BatchedNetwork(model, 2, 4, parameters)
        return loss.value(network.forward(x, masks), y)

    network = BatchedNetwork(model, 2, 4, start)
    network.backward(x, loss.gradient(network.forward(x, masks), y), masks)
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
