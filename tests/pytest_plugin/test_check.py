"""`--convergence-check`: own code that does not fit is told by its line, before anything trains."""

import pytest

from harness.backends.torch.eager import Eager
from tests.pytest_plugin.runner import QUICK, Runner
from tests.pytest_plugin.test_own_parts import MINE

BASE = QUICK.partition("remedies")[0]

OWN_LOOP = """
question = "Does mine learn?"

[train]
function = "mine.parts:train"

[converged]
metric = "loss"
at_most = 0.1

[[case]]
name = "usual"
expect = "converges"
"""

TRAINERS = """
def train(seed, rate=0.5):
    loss = 1.0
    for epoch in range(20):
        loss *= rate
        yield {"loss": loss}

def raises(seed):
    yield {"loss": 1 / 0}

def text(seed):
    yield {"loss": "low"}

class Full(Net):
    def forward(self, x):
        if torch.is_autocast_enabled("cpu"):
            raise RuntimeError("no kernel for Half. See the manual")
        return super().forward(x)

def detached(outputs, targets):
    return nn.functional.cross_entropy(outputs, targets).detach()

class Closure(torch.optim.SGD):
    def step(self, closure):
        return super().step(closure)
"""


@pytest.fixture
def run(pytester: pytest.Pytester) -> Runner:
    (pytester.mkpydir("mine") / "parts.py").write_text(MINE + TRAINERS, encoding="utf-8")
    return Runner(pytester)


def told(run: Runner, text: str) -> str:
    """Collect a scenario whose code does not fit; return what is said, on one line."""
    run.scenario(text)
    result = run("scenarios", "-p", "no:benchmark", "--convergence-check", "--collect-only")
    result.assert_outcomes(errors=1)
    assert not (run.pytester.path / "reports").exists()
    return " ".join(result.stdout.str().split())


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            'model.factory = "mine.parts:Nett"',
            "mine.parts:Nett: module mine.parts has no 'Nett'; did",
        ),
        (
            'model.factory = "mine.parts:Net"\nmodel.arguments = { every_step = true }',
            "mine.parts:Net: expected `[batch, outputs]`, here [64, 2] logits, received [64, 3, 2]",
        ),
        ('training.loss = "mine.parts:flat"', "mine.parts:flat does not fit outputs [64, 2] flo"),
        (
            'training.loss = "mine.parts:detached"',
            "mine.parts:detached returns a number without gr",
        ),
        (
            'training.precision = "float16"\nmodel.factory = "mine.parts:Full"',
            "'float16': your code takes a step on cpu without it, and with it none (RuntimeError: ",
        ),
        ('training.optimizer = "mine.parts:Closure"', "mine.parts:Closure: its step needs a clo"),
        ('training.optimizer = "mine.parts:last_only"', "mine.parts:last_only updates 1 of the 5"),
    ],
)
def test_a_part_that_does_not_fit_is_told_by_file_line_and_field(
    run: Runner, line: str, message: str
) -> None:
    field = line.partition(" ")[0]
    number = (BASE + line).splitlines().index(line.partition("\n")[0]) + 1
    said = told(run, BASE + line)
    assert f"scenarios/quick.toml:{number}: case[0].{field}: {message}" in said
    assert "site-packages/torch" not in said


def test_a_module_that_takes_no_lengths_is_told_of_them_in_one_line(run: Runner) -> None:
    tagging = 'data.task = "tagging"\ndata.targets = "each_step"\ndata.lengths = [2, 3]\n'
    said = told(run, BASE + tagging + 'model.factory = "mine.parts:Net"')
    assert (
        "mine.parts:Net: with lengths your module is called with (x, lengths), which Net." in said
    )
    assert "Traceback" not in said
    assert "File " not in said


def test_own_code_of_a_case_that_a_backend_refuses_is_left_out(
    run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Eager, "lacks", lambda *_: "training.precision: no kernel here")
    run.scenario(BASE + 'training.optimizer = "mine.parts:last_only"')
    result = run("scenarios", "-p", "no:benchmark", "--convergence-check", "--collect-only")
    result.assert_outcomes(errors=0)
    assert "last_only" not in result.stdout.str()


def test_what_stands_in_the_shared_part_is_told_there_and_once(run: Runner) -> None:
    text = QUICK.replace("units = [8]", 'factory = "mine.parts:Broken"')
    said = told(run, text)
    line = text.splitlines().index('factory = "mine.parts:Broken"') + 1
    assert f"quick.toml:{line}: model.factory: " in said
    assert "in forward" in said
    assert said.count("model.factory") == 1
    assert "own_code.py" not in said


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("train2", "module mine.parts has no 'train2'; did you mean 'train'?"),
        ("raises", "ZeroDivisionError: division by zero"),
        ("text", "evaluation 1 of mine.parts:text(seed=0): 'loss' must be a number, got str"),
        ("smallest", "cannot be called with (seed): too many positional arguments"),
    ],
)
def test_an_own_loop_is_asked_for_its_first_evaluation(
    run: Runner, name: str, message: str
) -> None:
    said = told(run, OWN_LOOP.replace("parts:train", f"parts:{name}"))
    assert "quick.toml:5: train.function: " in said
    assert message in said


def test_a_command_that_does_not_exist_is_told(run: Runner) -> None:
    command = 'command = ["no-such-program", "{seed}"]'
    said = told(run, OWN_LOOP.replace('function = "mine.parts:train"', command))
    assert "quick.toml:5: train.command: " in said
    assert "no-such-program" in said


def test_what_fits_is_collected_and_nothing_is_trained(run: Runner) -> None:
    run.scenario(OWN_LOOP)
    run.scenario(BASE + 'training.loss = "mine.parts:smooth"', "fits")
    result = run("scenarios", "-p", "no:benchmark", "--convergence-check", "--collect-only")
    result.stdout.fnmatch_lines(["*= 3 tests collected*"])
    assert not (run.pytester.path / "reports").exists()
