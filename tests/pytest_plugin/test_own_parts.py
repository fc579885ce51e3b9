"""A user's own model, loss and data in a scenario file: found, checked once, told in a sentence."""

import pytest

from tests.pytest_plugin.runner import QUICK, Runner

MINE = """
import numpy as np, torch
from torch import nn

class Net(nn.Module):
    def __init__(self, features, outputs, units=8, every_step=False):
        super().__init__()
        self.lstm = nn.LSTM(features, units, batch_first=True)
        self.head = nn.Linear(units, outputs)
        self.every_step = every_step

    def forward(self, x):
        found = self.head(self.lstm(x)[0])
        return found if self.every_step else found[:, -1]

class Broken(Net):
    def forward(self, x):
        return self.missing(x)

def no_module(features, outputs):
    return 42

def smooth(outputs, targets):
    return nn.functional.cross_entropy(outputs, targets, label_smoothing=0.01)

def flat(outputs, targets):
    return nn.functional.mse_loss(outputs, targets)

def each(outputs, targets):
    return nn.functional.cross_entropy(outputs, targets, reduction="none")

def lion(parameters, learning_rate):
    return torch.optim.Adam(parameters, learning_rate, betas=(0.8, 0.9))

def last_only(parameters, learning_rate):
    return torch.optim.SGD(parameters[-1:], learning_rate)

def smallest():
    return Net(1, 2)

def records(seed, count=64):
    draws = np.random.default_rng(seed)
    x = draws.integers(0, 2, (count, 3, 1)) * 2.0 - 1
    return x, (x[:, 0, 0] > 0).astype(int)
"""

OWN_MODEL = QUICK.replace("units = [8]", 'factory = "mine.parts:Net"').partition("remedies")[0]


@pytest.fixture
def run(pytester: pytest.Pytester) -> Runner:
    (pytester.mkpydir("mine") / "parts.py").write_text(MINE, encoding="utf-8")
    return Runner(pytester)


def sentence(run: Runner, text: str) -> str:
    """Run a scenario that must not get to train; return what is said of its only case."""
    run.scenario(text)
    result = run("scenarios", "-p", "no:benchmark", "--convergence-seeds=2")
    result.stdout.no_fnmatch_line("*site-packages/torch*")
    (case,) = run.cases()
    assert case["outcome"] == "error"
    found: str = case["sentence"]
    return found


@pytest.mark.parametrize("workers", ["1", pytest.param("2", marks=pytest.mark.slow)])
@pytest.mark.slow
def test_a_model_in_rootdir_is_found_without_being_installed(run: Runner, workers: str) -> None:
    run.scenario(OWN_MODEL)
    result = run.alone("scenarios", "-p", "no:benchmark", workers=workers)
    result.assert_outcomes(passed=1, skipped=1)
    assert {probe["status"] for probe in run.cases()[0]["probes"]} == {"pass", "skipped"}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("mine.prats:Net", "there is no module 'mine.prats'"),
        ("mine.parts:Nett", "module mine.parts has no 'Nett'; did you mean 'Net'?"),
        ("mine.parts:records", "cannot be called with (features, outputs): missing a required"),
        ("mine.parts:no_module", "must return an nn.Module, it returned a int"),
    ],
)
def test_a_factory_that_makes_no_model_is_told(run: Runner, name: str, told: str) -> None:
    assert told in sentence(run, OWN_MODEL.replace("mine.parts:Net", name))


def test_outputs_of_another_shape_are_told_with_the_shape_that_was_expected(run: Runner) -> None:
    found = sentence(run, OWN_MODEL + "model.arguments = { every_step = true }\n")
    assert "expected `[batch, outputs]`, here [64, 2] logits, received [64, 3, 2]" in found


def test_a_crash_shows_the_traceback_of_the_users_code_in_every_report(run: Runner) -> None:
    run.scenario(OWN_MODEL.replace("parts:Net", "parts:Broken"))
    result = run("scenarios", "-p", "no:benchmark")
    result.stdout.fnmatch_lines(['*parts.py", line *, in forward*'])
    result.stdout.no_fnmatch_line("*eager.py*")
    result.stdout.no_fnmatch_line("*_wrapped_call_impl*")
    folder = run.pytester.path / "reports/latest"
    for name in ("results.json", "convergence.md", "convergence.html"):
        text = (folder / name).read_text(encoding="utf-8")
        assert "in forward" in text, name
        assert "eager.py" not in text, name
    assert "<details><summary>Traceback of" in (folder / "convergence.md").read_text("utf-8")


def test_a_loss_of_the_users_own_is_trained_on_and_what_assumes_another_is_not_probed(
    run: Runner,
) -> None:
    run.scenario(QUICK.partition("remedies")[0] + 'training.loss = "mine.parts:smooth"\n')
    run("scenarios", "-p", "no:benchmark").assert_outcomes(passed=1, skipped=1)
    (case,) = run.cases()
    skipped = {p["name"] for p in case["probes"] if p["status"] == "skipped"}
    assert skipped == {"loss", "reference_steps"}
    assert not [p for p in case["probes"] if p["status"] in ("fail", "error")]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("mine.parts:flat", "does not fit outputs [64, 2] float32 and targets [64] int64"),
        ("mine.parts:each", "must return one number for outputs [64, 2] float32"),
        ("mine.parts:records", "does not fit outputs"),
        ("torch.nn:L1", "module torch.nn has no 'L1'"),
    ],
)
def test_a_loss_that_does_not_fit_is_told(run: Runner, name: str, told: str) -> None:
    text = QUICK.partition("remedies")[0] + f'training.loss = "{name}"\n'
    assert told in sentence(run, text)


OWN_OPTIMIZER = QUICK.partition("remedies")[0] + 'training.optimizer = "mine.parts:lion"\n'


@pytest.mark.parametrize("workers", ["1", pytest.param("2", marks=pytest.mark.slow)])
@pytest.mark.slow
def test_an_optimizer_of_the_users_own_trains_and_its_formula_alone_is_not_probed(
    run: Runner, workers: str
) -> None:
    run.scenario(OWN_OPTIMIZER)
    result = run.alone("scenarios", "-p", "no:benchmark", workers=workers)
    result.assert_outcomes(passed=1, skipped=1)
    (case,) = run.cases()
    by_status = {p["name"]: p["status"] for p in case["probes"]}
    skipped = {name for name, status in by_status.items() if status == "skipped"}
    assert skipped == {"reference_steps", "small_gradients", "optimizer"}
    assert {by_status[name] for name in ("zeroing", "gradient", "schedule")} == {"pass"}


def test_a_class_of_torch_is_an_optimizer_like_any_other(run: Runner) -> None:
    run.scenario(OWN_OPTIMIZER.replace("mine.parts:lion", "torch.optim:NAdam"))
    run("scenarios", "-p", "no:benchmark").assert_outcomes(passed=1, skipped=1)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("mine.parts:loin", "module mine.parts has no 'loin'; did you mean 'lion'?"),
        ("mine.parts:smallest", "cannot be called with (parameters, learning_rate): too many"),
        ("mine.parts:flat", "must return a torch.optim.Optimizer, it returned a Tensor"),
        ("mine.parts:last_only", "updates 1 of the 5 parameters"),
    ],
)
def test_an_optimizer_that_is_none_is_told(run: Runner, name: str, told: str) -> None:
    (run.pytester.path / "mine/parts.py").write_text(
        MINE.replace("return nn.functional.mse_loss(outputs, targets)", "return torch.ones(1)"),
        encoding="utf-8",
    )
    assert told in sentence(run, OWN_OPTIMIZER.replace("mine.parts:lion", name))


@pytest.mark.parametrize("backend", ["ensemble", "keras"])
def test_a_backend_that_cannot_use_an_own_optimizer_says_why(run: Runner, backend: str) -> None:
    if backend == "keras":
        pytest.importorskip("keras", reason="an extra of its own: tox runs this")
    run.scenario(OWN_OPTIMIZER)
    result = run("scenarios", "-p", "no:benchmark", f"--convergence-backend={backend}", "-rs")
    result.assert_outcomes(skipped=2)
    result.stdout.fnmatch_lines(["*mine.parts:lion*"])


def test_numbers_that_an_own_optimizer_is_not_handed_are_refused(run: Runner) -> None:
    run.scenario(OWN_OPTIMIZER + "training.momentum = 0.9\n")
    result = run("scenarios")
    result.stdout.fnmatch_lines(["*quick.toml:*training.momentum: is not handed to your own*"])


def test_a_factory_that_takes_no_sizes_is_called_without(run: Runner) -> None:
    run.scenario(OWN_MODEL.replace("mine.parts:Net", "mine.parts:smallest"))
    run("scenarios", "-p", "no:benchmark").assert_outcomes(passed=1, skipped=1)


OWN_DATA = QUICK.partition("remedies")[0].replace(
    'task = "first_value"\nrecords = 64\nvalidation_records = 0\nnoise = 1',
    'factory = "mine.parts:records"\nvalidation_records = 0',
)


@pytest.mark.parametrize("workers", ["1", pytest.param("2", marks=pytest.mark.slow)])
@pytest.mark.slow
def test_data_of_a_users_function_is_drawn_for_each_seed(run: Runner, workers: str) -> None:
    run.scenario(OWN_DATA)
    result = run.alone("scenarios", "-p", "no:benchmark", workers=workers)
    result.assert_outcomes(passed=1, skipped=1)
    losses = [tuple(seed["first_losses"]) for seed in run.cases()[0]["runs"]]
    assert len(set(losses)) == 12


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("parts:records", "parts:recods", "has no 'recods'; did you mean 'records'?"),
        ("parts:records", "parts:smooth", "cannot be called with (seed): missing"),
        ("parts:records", "parts:text", "y must have shape [records], got [64, 3, 1]"),
        ("parts:records", "parts:one", "must return x, y or x, y, x_validation, y_validation"),
        ('metric = "accuracy"', 'metric = "r2"', "metric 'r2' does not fit classification"),
        ("validation_records = 0", "validation_records = 64", "holds 64 records, but 65 are"),
    ],
)
def test_a_data_factory_that_returns_something_else_is_told(
    run: Runner, old: str, new: str, told: str
) -> None:
    (run.pytester.path / "mine/parts.py").write_text(
        MINE
        + """
def text(seed):
    x, _ = records(seed)
    return x, x

def one(seed):
    return records(seed)[0]
""",
        encoding="utf-8",
    )
    assert told in sentence(run, OWN_DATA.replace(old, new))


ONE_SIDED = """
import sys
from torch import nn
from mine.parts import Net

def only_in_the_test_process(features, outputs):
    if "_pytest" in sys.modules:
        raise ValueError("no model in the test process")
    return Net(features, outputs)

def only_in_a_worker(features, outputs):
    if "_pytest" not in sys.modules:
        raise ValueError("no model in a worker")
    return Net(features, outputs)
"""


@pytest.mark.slow
def test_a_factory_that_raises_only_here_or_only_in_a_worker_is_told_where_it_does(
    run: Runner,
) -> None:
    (run.pytester.path / "mine/sided.py").write_text(ONE_SIDED, encoding="utf-8")
    first, second = "mine.sided:only_in_the_test_process", "mine.sided:only_in_a_worker"
    here = OWN_MODEL.replace("mine.parts:Net", first)
    there = OWN_MODEL.replace("mine.parts:Net", second)
    run.scenario(here, "here")
    run.scenario(there, "there")
    result = run.alone("scenarios", "-rf", workers="2")
    result.assert_outcomes(passed=2, failed=2)
    found = {case["scenario"]: case for case in run.cases()}
    assert found["here"]["outcome"] == "pass"
    assert {probe["status"] for probe in found["here"]["probes"]} == {"pass", "skipped"}
    assert found["there"]["outcome"] == "error"
    assert found["there"]["sentence"] == "seed 0: ValueError: no model in a worker"
    told = "here/learns: a step could not be timed in the test process: "
    result.stdout.fnmatch_lines([f"{told}*ValueError: no model in the test process"])
    result.stdout.no_fnmatch_line("*During handling of the above exception*")
