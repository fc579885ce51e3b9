"""The reference backend trains as declared, repeatably, and records whatever happens."""

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import torch

from harness.backends import BackendError, available, get
from harness.backends.torch.eager import _OPTIMIZERS as EAGERS_OPTIMIZERS
from harness.backends.torch.eager import Eager, EagerRun, make_optimizer, make_scheduler
from harness.dataset import build, epoch_order
from harness.history import History, Stop
from harness.initial import draw
from harness.scenario import Case, Training, load
from harness.scenario.vocabulary import OptimizerName

MakeCase = Callable[..., Case]


@pytest.fixture
def make(tmp_path: Path) -> MakeCase:
    """Make a small, quick case; lines are those of its only case table."""

    def make_case(*lines: str) -> Case:
        path = tmp_path / "case.toml"
        path.write_text(
            'question = "?"\n[data]\ntask = "first_value"\nrecords = 20\nvalidation_records = 10\n'
            "[model]\nunits = [4]\n[training]\nepochs = 3\nbatch_size = 8\n"
            '[converged]\nmetric = "loss"\nat_most = 1e-9\n[[case]]\nname = "a"\nexpect = "fails"\n'
            + "\n".join(lines)
        )
        return load(path, "case").cases[0]

    return make_case


def train(case: Case, *seeds: int) -> list[History]:
    return Eager().train(case, seeds or (0,), "cpu", lambda seed, epoch: None)


def same(left: History, right: History) -> bool:
    """Whether two histories are equal bit by bit, but for the clock."""
    return all(
        np.array_equal(getattr(left, f.name), getattr(right, f.name), equal_nan=True)
        if isinstance(getattr(left, f.name), np.ndarray)
        else getattr(left, f.name) == getattr(right, f.name)
        for f in fields(History)
        if f.name != "seconds"
    )


@pytest.mark.parametrize(
    "lines",
    [(), ("model.dropout = 0.5",), ('model.init = "module"',), ("model.units = [4, 4]",)],
    ids=["plain", "dropout", "module", "stacked"],
)
def test_the_same_seed_gives_the_same_history_bit_by_bit(
    make: MakeCase, lines: tuple[str, ...]
) -> None:
    case = make(*lines)
    first, other = train(case, 0, 1)
    (again,) = train(case, 0)
    assert same(first, again)
    assert not same(first, other)


def test_a_seed_does_not_depend_on_those_trained_beside_it(make: MakeCase) -> None:
    case = make("model.dropout = 0.5")
    assert same(train(case, 3)[0], train(case, 1, 2, 3)[2])


def test_histories_come_in_the_order_of_the_seeds(make: MakeCase) -> None:
    assert [history.seed for history in train(make(), 5, 2)] == [5, 2]


def test_a_history_covers_the_budget(make: MakeCase) -> None:
    (history,) = train(make())
    assert (history.stopped, history.epochs, history.steps) == (Stop.BUDGET, 3, 9)
    assert history.layers == ("lstm.0", "head")
    assert history.gradient_norm.shape == history.update_ratio.shape == (3, 2)
    assert (history.gradient_norm > 0).all()
    assert len(history.first_losses) == 9
    assert np.isfinite(history.validation_loss).all()


def test_training_starts_from_the_weights_that_were_drawn(make: MakeCase) -> None:
    case = make('training.dtype = "float64"')
    run = EagerRun(case, 4, "cpu")
    weights = draw(case.model, 1, 2, 4)
    lstm = run.model.get_submodule("recurrent.0")
    assert np.array_equal(lstm.get_parameter("weight_ih_l0").detach(), weights["lstm.0.weight_ih"])
    (history,) = train(case, 4)
    x, y = run.x, run.y
    loss = torch.nn.functional.cross_entropy(run.model(x), y).item()
    assert history.train_loss[0] == pytest.approx(loss, rel=1e-12)


def test_an_epoch_visits_the_records_in_the_order_that_was_drawn(make: MakeCase) -> None:
    case = make()
    batches = [batch.tolist() for batch in EagerRun(case, 4, "cpu").batches(2)]
    order = epoch_order(4, 2, 20, shuffle=True).tolist()
    assert batches == [order[:8], order[8:16], order[16:]]


def test_validation_records_are_measured_and_never_trained_on(make: MakeCase) -> None:
    plain = train(make())[0]
    without = train(make("data.validation_records = 0"))[0]
    assert np.array_equal(plain.train_loss, without.train_loss)
    assert np.isnan(without.validation_loss).all()


def test_training_ends_as_soon_as_the_criterion_is_met(make: MakeCase) -> None:
    (history,) = train(make("converged.at_most = 100.0"))
    assert (history.stopped, history.epochs, history.steps) == (Stop.CONVERGED, 0, 0)


def test_a_rate_that_is_far_too_high_ends_in_a_non_finite_loss(make: MakeCase) -> None:
    regression = ('data.task = "mean_value"', 'training.optimizer = "sgd"')
    (history,) = train(make(*regression, "training.learning_rate = 1e30"))
    assert history.stopped is Stop.NON_FINITE
    assert history.epochs < 3
    assert not np.isfinite(history.train_loss[-1])


def test_the_time_limit_ends_a_run(make: MakeCase) -> None:
    (history,) = train(make("training.time_limit = 1e-9"))
    assert (history.stopped, history.epochs) == (Stop.TIME_LIMIT, 0)


def test_the_second_bias_stays_where_it_started_unless_init_is_torch(make: MakeCase) -> None:
    for init, moves in (("keras", False), ("orthogonal", False), ("torch", True)):
        run = EagerRun(make(f'model.init = "{init}"'), 0, "cpu")
        second = run.model.get_submodule("recurrent.0").get_parameter("bias_hh_l0")
        before = second.detach().clone()
        run.epoch(0)
        assert (not torch.equal(before, second)) is moves


def test_weight_decay_does_not_reach_the_frozen_bias(make: MakeCase) -> None:
    run = EagerRun(make("model.forget_bias = 1.0", "training.weight_decay = 0.5"), 0, "cpu")
    second = run.model.get_submodule("recurrent.0").get_parameter("bias_hh_l0")
    before = second.detach().clone()
    run.epoch(0)
    assert torch.equal(before, second)


def test_clipping_bounds_the_whole_gradient_and_leaves_the_record_of_it(make: MakeCase) -> None:
    run = EagerRun(make("training.clip_norm = 1e-3"), 0, "cpu")
    run.epoch(0)
    norm = torch.stack([p.grad.norm() for p in run.parameters if p.grad is not None]).norm()
    assert norm.item() == pytest.approx(1e-3, rel=1e-3)
    assert np.linalg.norm(run.recorder.gradient_norms[0]) > 1e-3


def test_torchs_random_state_and_threads_are_left_untouched(make: MakeCase) -> None:
    threads, state = torch.get_num_threads(), torch.get_rng_state()
    train(make("model.dropout = 0.5", 'model.init = "module"'))
    Eager().epoch(make("model.dropout = 0.5"), "cpu")()
    assert torch.get_num_threads() == threads
    assert torch.equal(torch.get_rng_state(), state)


def test_it_watches_every_epoch(make: MakeCase) -> None:
    seen: list[tuple[int, int]] = []
    Eager().train(make(), (7,), "cpu", lambda seed, epoch: seen.append((seed, epoch)))
    assert seen == [(7, 1), (7, 2), (7, 3)]


def test_a_prepared_epoch_takes_every_step_of_it(make: MakeCase) -> None:
    assert Eager().epoch(make(), "cpu")() == 3


OWN = """\
import torch
from torch import nn

class Mean(nn.Module):
    def __init__(self, features, outputs):
        super().__init__()
        self.head = nn.Linear(features, outputs)

    def forward(self, x):
        return self.head(x.mean(dim=1))

class FailsLater(Mean):
    calls = 0

    def forward(self, x):
        self.calls += 1
        if self.calls > 5:
            raise RuntimeError("device lost")
        return super().forward(x)

class Nan(Mean):
    def forward(self, x):
        return super().forward(x) * (torch.nan if self.training else 1.0)
"""


@pytest.fixture
def own(make: MakeCase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeCase:
    """Make a case that trains a module of the user's own."""
    (tmp_path / "own_networks.py").write_text(OWN)
    monkeypatch.syspath_prepend(tmp_path)
    return lambda name, *lines: make(f'model.factory = "own_networks:{name}"', *lines)


def test_a_users_module_keeps_its_own_start_under_the_seed(own: MakeCase) -> None:
    first, other = train(own("Mean"), 0, 1)
    assert first.layers == ("head",)
    assert first.stopped is Stop.BUDGET
    assert same(first, train(own("Mean"), 0)[0])
    assert first.train_loss[0] != other.train_loss[0]


def test_what_training_raises_is_a_result_with_the_epochs_until_then(own: MakeCase) -> None:
    (history,) = train(own("FailsLater"))
    assert (history.stopped, history.message) == (Stop.CRASHED, "RuntimeError: device lost")
    assert len(history.train_loss) == 1  # 2 evaluations before training, 3 steps, then the next


def test_a_model_that_turns_nan_stops(own: MakeCase) -> None:
    (history,) = train(own("Nan"))
    assert history.stopped is Stop.NON_FINITE
    assert history.epochs == 1


@pytest.mark.parametrize(
    ("factory", "message"),
    [
        (
            "no_such_module:Net",
            "no_such_module:Net: there is no module 'no_such_module'; looked for",
        ),
        ("torch.nn:NoSuchLayer", "torch.nn:NoSuchLayer: module torch.nn has no 'NoSuchLayer'"),
        ("torch.nn:Linear", "model.factory torch.nn:Linear(in_features: int, "),
    ],
)
def test_a_factory_that_cannot_be_called_is_a_crash_with_its_message(
    make: MakeCase, factory: str, message: str
) -> None:
    (history,) = train(make(f'model.factory = "{factory}"'))
    assert history.stopped is Stop.CRASHED
    assert history.message.startswith(message)


def test_a_data_file_that_is_gone_is_a_crash_with_its_message(make: MakeCase) -> None:
    (history,) = train(make('data = {file = "gone.npz"}'))
    assert history.stopped is Stop.CRASHED
    assert history.message.startswith("DataFileError: ")
    assert not history.traceback


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *(("adadelta", "Adadelta"), ("adagrad", "Adagrad"), ("adam", "Adam"), ("adamax", "Adamax")),
        *(("adamw", "AdamW"), ("nadam", "NAdam"), ("radam", "RAdam"), ("rmsprop", "RMSprop")),
        ("sgd", "SGD"),
    ],
)
def test_every_optimizer_is_torchs_own_with_the_declared_settings(name: str, kind: str) -> None:
    training = Training.model_validate(
        {"optimizer": name, "learning_rate": 0.5, "weight_decay": 0.25, "epsilon": 1e-3}
    )
    optimizer = make_optimizer([torch.nn.Parameter(torch.ones(1))], training)
    assert type(optimizer) is getattr(torch.optim, kind)
    (group,) = optimizer.param_groups
    assert (group["lr"], group["weight_decay"]) == (0.5, 0.25)
    assert group.get("eps", 1e-3) == 1e-3


@pytest.mark.parametrize("name", get_args(OptimizerName))
def test_an_epsilon_that_is_not_declared_is_torchs_own(name: str) -> None:
    training = Training.model_validate({"optimizer": name})
    (group,) = make_optimizer([torch.nn.Parameter(torch.ones(1))], training).param_groups
    (usual,) = EAGERS_OPTIMIZERS[training.optimizer](
        [torch.nn.Parameter(torch.ones(1))]
    ).param_groups
    assert group.get("eps") == usual.get("eps")


def test_a_schedule_is_stepped_once_a_step(make: MakeCase) -> None:
    run = EagerRun(make('training.schedule = "step"', "training.decay_epochs = 1"), 0, "cpu")
    rates = []
    for epoch in range(3):
        rates.append(run.optimizer.param_groups[0]["lr"])
        run.epoch(epoch)
    assert rates == pytest.approx([1e-3, 1e-4, 1e-5])


def test_a_constant_rate_needs_no_scheduler() -> None:
    training = Training()
    optimizer = make_optimizer([torch.nn.Parameter(torch.ones(1))], training)
    assert make_scheduler(optimizer, training, 5) is None


def test_class_weights_reach_the_loss(make: MakeCase) -> None:
    imbalanced = ('data.task = "mean_threshold"', "data.positive_rate = 0.1")
    case = make(*imbalanced, 'training.class_weights = "balanced"')
    weights = build(case, 0).class_weights
    assert weights is not None
    loss = EagerRun(case, 0, "cpu").loss
    assert torch.allclose(loss.get_buffer("weight"), torch.from_numpy(weights).float())


def test_backends_are_found_by_name() -> None:
    assert "eager" in available()
    assert isinstance(get("eager"), Eager)
    with pytest.raises(BackendError, match="unknown backend 'eagre'; did you mean 'eager'"):
        get("eagre")


def test_a_device_that_is_not_there_is_said_to_be_missing() -> None:
    assert Eager().unavailable("cpu") is None
    assert Eager().unavailable("cpu:0") is None
    assert "torch.device takes no 'tpu': Expected one of cpu, cuda" in str(
        Eager().unavailable("tpu")
    )
    assert "finds no cpu:1 device on this machine" in str(Eager().unavailable("cpu:1"))
    assert "finds no xla device on this machine" in str(Eager().unavailable("xla"))
