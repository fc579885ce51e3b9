"""A plain module under the gate, in one call of the `convergence` fixture."""

import pytest

from tests.pytest_plugin.test_fixture import Project, project

__all__ = ["project"]

MINE = """
import numpy as np, torch
from torch import nn

class Net(nn.Module):
    def __init__(self, features, outputs, units=8):
        super().__init__()
        self.lstm = nn.LSTM(features, units, batch_first=True)
        self.head = nn.Linear(units, outputs)

    def forward(self, x):
        return self.head(self.lstm(x)[0][:, -1])

def records(seed):
    draws = np.random.default_rng(seed)
    x = draws.integers(0, 2, (64, 3, 1)) * 2.0 - 1
    return x, (x[:, 0, 0] > 0).astype(int)

FAST = {"learning_rate": 3e-2, "epochs": 12}
"""

LEARNS = (
    MINE
    + '''
def test_it_learns(convergence):
    """A small one."""
    outcome = convergence.model(Net, records, training=FAST, at_least={"accuracy": 1.0})
    assert outcome.converged == 12
'''
)


def told(project: Project, call: str) -> str:
    """Run one call that must not pass; return what is said of it."""
    project.write(f"{MINE}\ndef test_it(convergence):\n    convergence.model({call})\n")
    result = project.run("-rfE")
    result.assert_outcomes(failed=1)
    result.stdout.no_fnmatch_line('*File "*site-packages/torch*')
    result.stdout.no_fnmatch_line("*During handling of the above*")
    return " ".join(result.stdout.str().split())


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_a_module_is_trained_probed_judged_and_reported(project: Project, workers: int) -> None:
    project.write(LEARNS)
    project.run(workers=workers).assert_outcomes(passed=1)
    (case,) = project.cases()
    assert (case["id"], case["backend"], case["note"]) == (
        "test_mine/test_it_learns",
        "eager",
        "A small one.",
    )
    passed = {probe["name"] for probe in case["probes"] if probe["status"] == "pass"}
    assert {"gradient", "modes", "zeroing", "clipping", "optimizer"} <= passed
    assert {probe["status"] for probe in case["probes"]} == {"pass", "skipped"}


@pytest.mark.slow
def test_arrays_a_lambda_and_functions_of_the_test_do_for_a_factory_data_loss_and_optimizer(
    project: Project,
) -> None:
    project.write(
        MINE
        + """
def test_it_learns(convergence):
    def smooth(outputs, targets):
        return nn.functional.cross_entropy(outputs, targets, label_smoothing=0.01)

    training = FAST | {"loss": smooth, "optimizer": torch.optim.NAdam}
    convergence.model(
        lambda: Net(1, 2), records(0), training=training, at_least={"accuracy": 1.0}
    )
"""
    )
    project.run(workers=2).assert_outcomes(passed=1)


def test_tensors_and_validation_records_of_the_datas_own_are_judged_without_a_warning(
    project: Project,
) -> None:
    project.write(
        MINE
        + """
def test_it_learns(convergence):
    x, y = map(torch.as_tensor, records(0))
    convergence.model(
        Net, (x, y, x, y), on="validation", training=FAST, at_least={"accuracy": 1.0}
    )
"""
    )
    # pytest warns of a plugin that it cannot rewrite, since this very process has imported it
    rewritten = "ignore::pytest.PytestAssertRewriteWarning"
    project.run("-W", "error", "-W", rewritten).assert_outcomes(passed=1)


def test_a_probe_that_does_not_apply_is_switched_off_and_the_summary_says_why(
    project: Project,
) -> None:
    project.write(
        MINE
        + """
class Noisy(Net):
    def forward(self, x):
        return super().forward(x) + 0.01 * torch.randn(len(x), 2)  # in evaluation, too

def test_it_learns(convergence):
    off = {"modes": "noise is its purpose"}
    convergence.model(Noisy, records, training=FAST, at_least={"accuracy": 1.0}, probes_off=off)
"""
    )
    result = project.run("--convergence-quick")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*probe modes switched off: noise is its purpose*"])
    (case,) = project.cases()
    assert {p["name"]: p["status"] for p in case["probes"]}["modes"] == "skipped"


def test_two_models_of_one_file_have_probes_of_their_own(project: Project) -> None:
    project.write(
        LEARNS
        + """
class Noisy(Net):
    def forward(self, x):
        return super().forward(x) + 0.01 * torch.randn(len(x), 2)  # in evaluation, too

def test_another(convergence):
    convergence.model(Noisy, records, training=FAST, at_least={"accuracy": 1.0})
"""
    )
    project.run().assert_outcomes(passed=1, failed=1)
    first, second = project.cases()
    assert [p["name"] for p in first["probes"] if p["status"] == "fail"] == []
    assert [p["name"] for p in second["probes"] if p["status"] == "fail"] != []


def test_an_accepted_model_is_compared_though_its_function_was_renamed(project: Project) -> None:
    project.write(LEARNS)
    project.run("--convergence-baseline=update").assert_outcomes(passed=1)
    project.write(LEARNS.replace("records", "drawn").replace("Net", "Recurrent"))
    project.run("--convergence-baseline=require").assert_outcomes(passed=1)
    project.write(LEARNS.replace("3e-2", "1e-2").replace('"epochs": 12', '"epochs": 40'))
    project.run("--convergence-baseline=require").assert_outcomes(failed=1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("Net, records, training=FAST", "give at_least or at_most"),
        ("Net(1, 2), records, at_least={'accuracy': 1}", "new module for each seed, got a module"),
        ("3, records, at_least={'accuracy': 1}", "factory must be a function or class"),
        ("Net, records(0)[0], at_least={'accuracy': 1}", "data must be (x, y), (x, y, x_valid"),
        ("Net, records, at_least={'acuracy': 1}", "converged.metric unknown value 'acuracy'; did"),
        (
            "Net, records, training={'learning_rte': 1}, at_least={'accuracy': 1}",
            "training.learning_rte unknown key; did you mean 'learning_rate'?",
        ),
        (
            "Net, records, training={'optimizer': 'adan'}, at_least={'accuracy': 1}",
            "training.optimizer unknown value 'adan'; did you mean 'adam'?",
        ),
        (
            "Net, records, at_least={'accuracy': 1}, probes_off={'gradeint': 'x'}",
            "probes.off unknown probe 'gradeint'; did you mean 'gradient'?",
        ),
        (
            "Net, records, at_least={'accuracy': 1}, probes_off=['gradient']",
            'probes_off must be a mapping, e.g. {"gradient": "why"}, got [\'gradient\']',
        ),
        (
            "lambda features: Net(1, 2), records, at_least={'accuracy': 1}",
            "cannot be called with (features, outputs)",
        ),
        (
            "lambda: Net(1, 3), records, at_least={'accuracy': 1}",
            "expected `[batch, outputs]`, here [64, 2] logits, received [64, 3]",
        ),
        (
            "Net, lambda seed: 3, at_least={'accuracy': 1}",
            "must return x, y or x, y, x_validation, y_validation",
        ),
        (
            "Net, records, training={'loss': nn.MSELoss}, at_least={'accuracy': 1}",
            "does not fit outputs [64, 2] float32 and targets [64] int64",
        ),
    ],
)
def test_what_does_not_fit_is_one_sentence(project: Project, call: str, message: str) -> None:
    assert message in told(project, call)


def test_a_message_names_the_function_and_its_line(project: Project) -> None:
    assert "convergence.model: factory three (test_mine.py:24) must return an nn.Module" in told(
        project, "three, records, at_least={'accuracy': 1})\n\ndef three(): return (3"
    )


def test_a_backend_that_trains_no_module_skips_the_test(project: Project) -> None:
    project.write(LEARNS)
    result = project.run("--convergence-backend=ensemble", "-rs")
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*a user's own module cannot be batched*"])
