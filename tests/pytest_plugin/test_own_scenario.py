"""Scenario files whose training is the user's own: a function, or a command."""

from pathlib import Path

import pytest

from tests.pytest_plugin.runner import Runner

FUNCTION = """
question = "Does mine learn?"

[train]
function = "mine.trainer:train"

[converged]
metric = "accuracy"
at_least = 0.9
hold = 2

[[case]]
name = "learns"
expect = "converges"

[[case]]
name = "slow"
expect = "fails"
train.arguments.slow = 0.01
"""

TRAINER = """
import random

def train(seed, slow=1.0):
    draws = random.Random(seed)
    loss = 1.0
    for epoch in range(40):
        loss *= 1 - slow * (0.25 + 0.1 * draws.random())
        yield {"loss": loss, "accuracy": 1 - loss}
"""

SCRIPT = (
    TRAINER
    + """
import argparse, json
parser = argparse.ArgumentParser()
parser.add_argument("--seed", type=int)
parser.add_argument("--slow", type=float)
given = parser.parse_args()
print("epochs:")
for evaluation in train(given.seed, given.slow):
    print(json.dumps(evaluation))
"""
)

COMMAND = FUNCTION.replace(
    'function = "mine.trainer:train"',
    'command = ["python", "run.py", "--seed", "{seed}", "--slow", "{slow}"]\n'
    "arguments = { slow = 1.0 }",
)


@pytest.fixture
def run(pytester: pytest.Pytester) -> Runner:
    runner = Runner(pytester)
    package = pytester.mkpydir("mine")
    (package / "trainer.py").write_text(TRAINER, encoding="utf-8")
    (runner.folder / "run.py").write_text(SCRIPT, encoding="utf-8")
    return runner


def curves(run: Runner) -> list[list[list[float]]]:
    return [[seed["train_loss"] for seed in case["runs"]] for case in run.cases()]


def test_a_function_of_the_projects_is_trained_with_the_arguments_of_each_case(
    run: Runner,
) -> None:
    run.scenario(FUNCTION)
    run("scenarios").assert_outcomes(passed=2)
    learns, slow = run.cases()
    assert (learns["converged"], slow["converged"]) == (12, 0)
    assert {learns["backend"], slow["backend"]} == {"own"}
    assert learns["fingerprint"] != slow["fingerprint"]


def test_workers_find_a_package_in_rootdir_that_is_not_installed(run: Runner) -> None:
    run.scenario(FUNCTION)
    run("scenarios")
    here = curves(run)
    run.alone("scenarios", workers="2").assert_outcomes(passed=2)
    assert curves(run) == here


def test_a_module_beside_the_scenario_is_found_and_its_namesake_elsewhere_is_another(
    run: Runner,
) -> None:
    for folder, name in (("one", "learns"), ("two", "slow")):
        text = FUNCTION.replace("mine.trainer:train", "beside:train")
        kept = text.split("[[case]]")[0] + f'[[case]]\nname = "{name}"\nexpect = "converges"\n'
        path = run.scenario(kept, f"{folder}/own")
        slower = TRAINER.replace("slow=1.0", f"slow={1.0 if folder == 'one' else 0.5}")
        (path.parent / "beside.py").write_text(slower, encoding="utf-8")
    run("scenarios").assert_outcomes(passed=2)
    one, two = run.cases()
    assert max(one["epochs_to_converge"]) < min(two["epochs_to_converge"])


def test_a_command_is_trained_on_the_json_lines_that_it_prints(run: Runner) -> None:
    run.scenario(COMMAND)
    run("scenarios", "--convergence-seeds=2")
    printed = curves(run)
    run.scenario(FUNCTION)
    run("scenarios", "--convergence-seeds=2")
    assert curves(run) == printed


def test_a_choice_of_backends_does_not_apply_and_it_is_said_once(run: Runner) -> None:
    run.scenario(FUNCTION)
    run.scenario(FUNCTION, "again")
    result = run(
        "scenarios", "--collect-only", *("--convergence-backend=ensemble", "-p", "no:benchmark")
    )
    said = [line for line in result.outlines if "what [train] names trains itself" in line]
    assert len(said) == 1


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("mine.trainer:train", "mine.trainr:train", "there is no module 'mine.trainr'"),
        ("trainer:train", "trainer:trian", "has no 'trian'; did you mean 'train'?"),
        ("arguments.slow", "arguments.slwo", "got an unexpected keyword argument 'slwo'"),
    ],
)
def test_a_name_that_leads_nowhere_is_one_message_and_no_traceback(
    run: Runner, old: str, new: str, told: str
) -> None:
    run.scenario(FUNCTION.replace(old, new))
    result = run("scenarios", "-k", "slow")
    result.assert_outcomes(failed=1)
    assert told in run.cases()[0]["sentence"]
    result.stdout.no_fnmatch_line("*Traceback*")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (FUNCTION.replace("[train]", "[data]\ntask = 'first_value'\n[train]"), "no meaning beside"),
        (FUNCTION.replace('function = "mine.trainer:train"', ""), "exactly one of function and"),
        (FUNCTION.replace("mine.trainer:train", "mine.trainer"), "must match pattern"),
        (COMMAND.replace('"{seed}"', '"7"'), "command must hold {seed}"),
        (COMMAND.replace('"{slow}"', '"{fast}"'), "holds {fast}, which is none of"),
        (COMMAND.replace('"{slow}"', '"1"'), "command holds no {slow}"),
        (FUNCTION.replace("hold = 2", "hold = 2\non = 'train'"), "unknown key"),
        (FUNCTION.replace("[train]", "[train]\nbudget = 1"), "do not fit into a budget of 1"),
        (FUNCTION + "[[sweep]]\nname = 'map'\n", "[train] has none of them"),
    ],
)
def test_declarations_that_cannot_be_used_are_told_before_anything_is_trained(
    run: Runner, text: str, told: str
) -> None:
    run.scenario(text)
    result = run("scenarios")
    result.assert_outcomes(errors=1)
    assert told in result.stdout.str()


@pytest.mark.slow
def test_torchrun_with_two_processes_is_a_command_like_any_other(run: Runner) -> None:
    (run.folder / "two_gloo_processes.py").write_text(
        """
import argparse, json, os
import torch, torch.distributed as dist
dist.init_process_group("gloo")
parser = argparse.ArgumentParser()
parser.add_argument("--seed", type=int)
torch.manual_seed(parser.parse_args().seed)
weight = torch.rand(1)
for epoch in range(200):
    weight -= 0.1 * weight
    dist.all_reduce(weight, dist.ReduceOp.AVG)
    if dist.get_rank() == 0:
        print(json.dumps({"loss": weight.item(), "processes": dist.get_world_size()}), flush=True)
""",
        encoding="utf-8",
    )
    run.scenario("""
question = "Do two processes learn?"
seeds.min = 4
[train]
command = [
    "python", "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2",
    "two_gloo_processes.py", "--seed", "{seed}",
]
time_limit = 120
[converged]
metric = "loss"
at_most = 1e-3
[[case]]
name = "gloo"
expect = "fails"
converged.metric = "processes"
converged.at_most = 1
train.budget = 2
""")
    run("scenarios").assert_outcomes(passed=1)
    assert {tuple(seed["train_metric"]) for seed in run.cases()[0]["runs"]} == {(None, 2.0, 2.0)}
    assert not _processes_of(Path("two_gloo_processes.py"))


def _processes_of(script: Path) -> list[str]:
    found = (path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline"))
    return [text.decode() for text in found if script.name.encode() in text]
