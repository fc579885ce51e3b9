"""Probes are silent where nothing is wrong."""

import itertools
import warnings
from collections.abc import Callable, MutableMapping
from typing import Any

import pytest
import torch
from torch import nn

from harness.backends import Backend, get
from harness.backends.ensemble.backend import Ensemble
from harness.backends.torch.eager import Eager
from harness.probes import Probe, probe
from harness.probes.reductions import opened
from harness.scenario import Case

CASES = {
    "adam": "",
    "adamw": "training.optimizer = 'adamw'\ntraining.weight_decay = 0.01",
    "l2": "training.weight_decay = 0.01\ntraining.epsilon = 1e-7",
    "rmsprop": "training.optimizer = 'rmsprop'\ntraining.momentum = 0.5",
    "momentum": "training.optimizer = 'sgd'\ntraining.momentum = 0.9\ntraining.learning_rate = 5.0",
    "clipping": "training.optimizer = 'sgd'\ntraining.clip_norm = 1.0",
    "schedule": "training.schedule = 'cosine'\ntraining.warmup_epochs = 2",
    "dropout": "model.dropout = 0.3",
    "unequal widths": "model.units = [6, 3]\nmodel.dropout = 0.5",
    "class weights": "training.class_weights = 'balanced'",
    "activations": "model.gate_activation = 'hard_sigmoid'\nmodel.cell_activation = 'relu'",
    "module": "model.init = 'module'",
    "torch": "model.init = 'torch'\nmodel.forget_bias = 5.0\ntraining.learning_rate = 1e-6",
    "he": "model.init = 'he'\nmodel.units = [6]",
    "orthogonal": "model.init = 'orthogonal'",
    "constant": "model.init = 'constant'\nmodel.init_scale = 0.5",
    "float64": "training.dtype = 'float64'",
    "stateful": "training.stateful = true\ntraining.shuffle = false",
    "stateful gru": (
        "training.stateful = true\ntraining.shuffle = false\ntraining.reset_every = 2\n"
        "model.kind = 'gru'\nmodel.units = [5, 4]"
    ),
    "bfloat16": "training.precision = 'bfloat16'\nmodel.dropout = 0.3",
    "float16": "training.precision = 'float16'\nmodel.kind = 'gru'\ntraining.clip_norm = 0.1",
    "gru": "model.kind = 'gru'",
    "gru of the framework": "model.kind = 'gru'\nmodel.init = 'module'\nmodel.bidirectional = true",
    "rnn": "model.kind = 'rnn'\nmodel.dropout = 0.3",
    "relu rnn": "model.kind = 'rnn'\nmodel.cell_activation = 'relu'\nmodel.init = 'orthogonal'",
    "bidirectional": "model.bidirectional = true\nmodel.dropout = 0.3",
    "bidirectional of unequal widths": "model.bidirectional = true\nmodel.units = [6, 3]",
    "without biases": "model.bias = false\nmodel.init = 'module'\nmodel.dropout = 0.3",
    "projected": "model.projection = 4\nmodel.init = 'torch'",
    "projected both ways": (
        "model.projection = 3\nmodel.bidirectional = true\nmodel.units = [8, 5]\n"
        "model.cell_activation = 'softplus'"
    ),
    "preprocessed": (
        "data.sort_by_label = true\ndata.normalize = 'standard'\ndata.oversample = true\n"
        "data.jitter = 0.1\ndata.jitter_copies = 2\ntraining.shuffle = false"
    ),
}

Make = Callable[..., Case]


@pytest.fixture(scope="module")
def shared() -> MutableMapping[tuple[str, ...], Probe]:
    return {}


def failures(case: Case, shared: Any = None, backend: str = "eager") -> list[Probe]:
    return [
        each for each in probe(case, get(backend), "cpu", "fast", shared) if each.status == "fail"
    ]


@pytest.mark.parametrize("name", CASES)
def test_every_probe_of_a_healthy_case_passes(make_case: Make, shared: Any, name: str) -> None:
    assert failures(make_case(CASES[name]), shared) == []


@pytest.mark.parametrize("name", CASES)
def test_every_probe_of_a_healthy_ensemble_passes(make_case: Make, shared: Any, name: str) -> None:
    assert failures(make_case(CASES[name]), shared, "ensemble") == []


@pytest.mark.parametrize("backend", ["eager", "ensemble"])
def test_every_probe_of_a_healthy_regression_passes(
    make_case: Make, shared: Any, backend: str
) -> None:
    lines = "data.normalize_targets = 'standard'\ndata.normalize = 'minmax'"
    assert failures(make_case(lines, task="mean_value"), shared, backend) == []


class Closed(Backend):
    """A third party's backend, that shows its histories only."""

    name = "closed"
    unsupported = Ensemble.unsupported
    train = Ensemble.train
    epoch = Ensemble.epoch


@pytest.mark.parametrize("name", CASES)
def test_every_probe_of_a_healthy_backend_from_outside_passes(make_case: Make, name: str) -> None:
    found = probe(make_case(CASES[name]), Closed(), "cpu", "full")
    in_half = "'bfloat16'" in CASES[name] or "'float16'" in CASES[name]
    assert len(found) == (8 if in_half else 6), (
        "its step and the scale of its loss are looked at too"
    )
    assert [each for each in found if each.status == "fail"] == []


class OneModel(Backend):
    """A third party's backend, that opens one model and is not asked for cases one by one."""

    name = "theirs"
    batches_cases = True
    train = Eager.train
    epoch = Eager.epoch
    open = Eager.open


def test_what_a_backend_opens_has_nothing_to_do_with_how_its_jobs_are_cut(make_case: Make) -> None:
    found = probe(make_case(), OneModel(), "cpu", "fast")
    assert {each.name for each in found} >= {"batches", "zeroing"}
    assert {each.status for each in found} == {"pass"}


def test_full_probes_the_case_as_declared_too(make_case: Make) -> None:
    probes = probe(make_case(), get("eager"), "cpu", "full")
    assert [each for each in probes if each.status != "pass"] == []
    assert "reference_steps_declared" in {each.name for each in probes}


def test_off_probes_nothing(make_case: Make) -> None:
    assert probe(make_case(), get("eager"), "cpu", "off") == []


class Own(nn.Module):
    """A user's module: another framework layer, dropout, normalisation."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(features)
        self.recurrent = nn.LSTM(features, 7, 2, dropout=0.2)
        self.dropout = nn.Dropout(0.2)
        self.head = nn.Linear(7, outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        sequence, _ = self.recurrent(self.norm(x).transpose(0, 1))
        return self.head(self.dropout(sequence[-1]))  # type: ignore[no-any-return]  # a tensor


def test_a_users_own_module_is_probed_where_the_meaning_is_defined(make_case: Make) -> None:
    case = make_case(f"model.factory = '{__name__}:Own'\ndata.distractor_scale = 1.0")
    status = {each.name: each.status for each in probe(case, get("eager"), "cpu", "fast")}
    without_reference = {status.pop(name) for name in ("reference_steps", "small_gradients")}
    assert without_reference == {"skipped"}
    assert set(status.values()) == {"pass"}


def test_cases_that_agree_share_their_probes(make_case: Make) -> None:
    shared: dict[tuple[str, ...], Probe] = {}
    probe(make_case(), get("eager"), "cpu", "fast", shared)
    made = dict(shared)
    probe(make_case("training.epochs = 77\ndata.records = 44"), get("eager"), "cpu", "fast", shared)
    assert {name for name, *_ in shared.keys() - made.keys()} == {"schedule"}


def test_what_a_backend_cannot_train_in_small_is_skipped_with_its_reason(
    make_case: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ensemble, "unsupported", lambda *_: "it has no biases")
    found = probe(make_case(), get("ensemble"), "cpu", "fast")
    assert {(each.status, each.sentence) for each in found} == {
        ("skipped", "the reduced case: it has no biases")
    }


def test_a_backend_that_cannot_say_what_it_trains_is_the_result_of_its_probes(
    make_case: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ensemble, "unsupported", lambda *_: {"": None}["missing"])
    found = probe(make_case(), get("ensemble"), "cpu", "fast")
    assert {each.sentence for each in found} == {"raised KeyError: 'missing'"}


@pytest.mark.parametrize("backend", ["eager", "ensemble"])
def test_a_reduction_that_raises_is_the_result_of_its_probe_only(
    make_case: Make, monkeypatch: pytest.MonkeyPatch, backend: str
) -> None:
    monkeypatch.delattr(opened, "EPOCHS")
    found = {each.name: each for each in probe(make_case(), get(backend), "cpu", "fast")}
    assert found["reference_steps"].sentence == "raised NameError: name 'EPOCHS' is not defined"
    assert found["optimizer"].status == "pass"


class NeedsGradients(nn.Module):
    """A user's module that cannot be called under `no_grad`."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.head = nn.Linear(features, outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not torch.is_grad_enabled():
            raise ValueError("no gradients here")
        return self.head(x[:, -1])  # type: ignore[no-any-return]  # a tensor


def test_a_probe_that_raises_on_a_users_module_says_so(make_case: Make) -> None:
    case = make_case(f"model.factory = '{__name__}:NeedsGradients'")
    found = {each.name: each for each in probe(case, get("eager"), "cpu", "fast")}
    assert found["gradient"].status == "error"
    assert found["gradient"].sentence == "raised ValueError: no gradients here"
    assert found["optimizer"].status == "pass"


def test_what_pytorch_warns_of_is_told_and_fails_nothing(
    make_case: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    forward = nn.LSTM.forward

    def warning(*arguments: Any) -> Any:
        warnings.warn("RNN module weights are not part of single contiguous chunk", stacklevel=2)
        return forward(*arguments)

    monkeypatch.setattr(nn.LSTM, "forward", warning)
    found = {each.name: each for each in probe(make_case(), get("eager"), "cpu", "fast")}
    assert found["layers"].status == "pass"
    assert "warned: RNN module weights are not part of" in found["layers"].sentence


class Unseeded(nn.Module):
    """A user's module, one tensor of which no seed decides."""

    drawn = itertools.count()

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.head = nn.Linear(features, outputs)
        nn.init.constant_(self.head.bias, next(self.drawn))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(x[:, -1])  # type: ignore[no-any-return]  # a tensor


def test_a_tensor_that_its_seed_does_not_repeat_is_named(make_case: Make) -> None:
    case = make_case(f"model.factory = '{__name__}:Unseeded'")
    found = {each.name: each for each in probe(case, get("eager"), "cpu", "fast")}
    assert found["initialisation"].status == "fail"
    assert "head.bias: elements that its seed does not repeat" in found["initialisation"].sentence
