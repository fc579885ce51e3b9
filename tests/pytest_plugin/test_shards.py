"""`--convergence-shard`: the shards of a run train all of its cases between them, each once."""

import json
from collections import Counter

import pytest

from harness.cli.exits import OK, REGRESSION
from harness.cli.main import main
from tests.pytest_plugin.runner import QUICK, Runner

CASES = 'training.learning_rate = 1e-9\ntraining.epochs = 2\nexpect = "converges"\n'

OWN = """
import pytest

def train(seed):
    yield {"loss": 0.0}

def test_own(convergence):
    convergence.check(train, at_most={"loss": 1.0})

@pytest.mark.parametrize("number", range(5))
def test_long(convergence, number):
    convergence.check(train, at_most={"loss": 1.0})

def test_ordinary():
    pass
"""


@pytest.fixture
def many(runner: Runner) -> Runner:
    more = "".join(f'[[case]]\nname = "more_{n}"\n{CASES}' for n in range(5))
    runner.scenario(QUICK + more)
    runner.pytester.makepyfile(test_own=OWN)
    return runner


def collected(runner: Runner, *arguments: str) -> list[str]:
    """Return the ids of what would be run."""
    result = runner("scenarios", "test_own.py", "--collect-only", "-q", *arguments)
    return [line for line in result.outlines if "::" in line]


@pytest.mark.slow
@pytest.mark.parametrize("selection", [(), ("-k", "train and more or own"), ("-m", "quick")])
def test_every_selected_item_that_trains_is_in_exactly_one_shard(
    many: Runner, selection: tuple[str, ...]
) -> None:
    whole = collected(many, *selection)
    shards = [collected(many, *selection, f"--convergence-shard={n}/3") for n in (1, 2, 3)]
    found = Counter(each for shard in shards for each in shard)
    ordinary = {each for each in whole if each.endswith("test_ordinary")}
    assert found == {each: 3 if each in ordinary else 1 for each in whole}
    assert [shard for shard in shards if not shard] == []


def test_a_step_is_timed_where_its_case_is_trained(many: Runner) -> None:
    for number in (1, 2, 3):
        shard = collected(many, f"--convergence-shard={number}/3")
        timed = {each.replace("::time[", "::train[") for each in shard if "::time[" in each}
        assert timed <= set(shard)


@pytest.mark.slow
def test_measured_seconds_divide_the_shards(many: Runner) -> None:
    """One that took longer than all others together is alone."""
    many("test_own.py", "-k", "long", "--convergence-report-dir=before")
    path = many.pytester.path / "before" / "results.json"
    report = json.loads(path.read_text(encoding="utf-8"))
    for case in report["cases"]:
        case["runs"][0]["seconds"] = 1000.0 if case["node"].endswith("[3]") else 1.0
    report.pop("checksum")
    path.write_text(json.dumps(report | {"schema": 2}), encoding="utf-8")
    asked = ("-k", "long", "--convergence-shard-by=before")
    assert collected(many, *asked, "--convergence-shard=1/2") == ["test_own.py::test_long[3]"]
    assert len(collected(many, *asked, "--convergence-shard=2/2")) == 4


def test_without_the_report_estimates_divide_them_and_that_is_told(many: Runner) -> None:
    result = many(
        "scenarios", "--collect-only", "--convergence-shard=1/2", "--convergence-shard-by=x"
    )
    result.stdout.fnmatch_lines(
        ["convergence: shard 1/2: 1 of 7 that train", "*divided by estimates: *x does not exist"]
    )


def test_the_shards_reports_make_one_of_all_cases(
    many: Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("test_own.py", "-k", "test_own.py and not long or long and 0")
    for number in (1, 2, 3):  # the third has nothing to do
        folder = f"--convergence-report-dir=shards/{number}"
        code = many(*asked, f"--convergence-shard={number}/3", folder).ret
        assert code == 0, number
    assert main(["report", "shards", "--into", "all"]) == OK
    assert {case["case"] for case in many.cases("all")} == {"test_own", "test_long-0"}
    assert main(["report", "shards/1", "shards/3", "--into", "some"]) == REGRESSION
    assert capsys.readouterr().err == "incomplete: no report of shard 2/3\n"


def test_an_ini_file_may_say_the_shard(many: Runner) -> None:
    many.pytester.makeini("[pytest]\nconvergence_shard = 2/3\n")
    assert collected(many) == collected(many, "--convergence-shard=2/3")


@pytest.mark.parametrize("given", ["0/4", "5/4", "1", "1/", "a/b", "-1/4", "1/0", "1/٤"])
def test_what_is_no_shard_is_refused(many: Runner, given: str) -> None:
    result = many("scenarios", f"--convergence-shard={given}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [f"ERROR: --convergence-shard: must be a shard of several, *, got {given!r}"]
    )


def test_a_selection_without_anything_stays_an_empty_one(many: Runner) -> None:
    assert many("scenarios", "-k", "typo", "--convergence-shard=1/2").ret == 5
