from pathlib import Path

import numpy as np
import pytest

from tests.pytest_plugin.runner import Runner

PADDED = """\
question = "?"
[data]
file = "ids.npz"
validation_records = 0
[model]
embedding = 2
[converged]
metric = "loss"
on = "train"
at_most = 0.1
[[case]]
name = "one"
expect = "converges"
[[case]]
name = "two"
expect = "converges"
training.learning_rate = 1.0
"""
FOREIGN = '[tool.other]\nname = "theirs"\n'


def ids(result: pytest.RunResult) -> list[str]:
    return [line for line in result.outlines if "::" in line]


def test_a_scenario_file_becomes_train_and_time_items(runner: Runner) -> None:
    runner.scenario()
    result = runner("scenarios", "--collect-only", "-q")
    assert ids(result) == [
        "scenarios/quick.toml::train[learns]",
        "scenarios/quick.toml::train[frozen]",
        "scenarios/quick.toml::time[learns]",
    ]


def test_timing_runs_after_all_training_of_all_files(runner: Runner) -> None:
    runner.scenario(name="a")
    runner.scenario(name="b")
    kinds = [line.split("::")[1][:4] for line in ids(runner("scenarios", "--collect-only", "-q"))]
    assert kinds == ["trai"] * 4 + ["time"] * 2


def test_several_backends_are_told_apart_in_the_ids(runner: Runner) -> None:
    runner.scenario()
    result = runner(
        "scenarios",
        "--collect-only",
        "-q",
        "--convergence-backend=eager",
        "--convergence-backend=ensemble",
    )
    assert "scenarios/quick.toml::train[learns-ensemble]" in ids(result)
    assert "scenarios/quick.toml::train[learns-eager]" in ids(result)


def test_a_foreign_toml_file_elsewhere_is_left_alone(runner: Runner) -> None:
    (runner.pytester.path / "settings.toml").write_text(FOREIGN, encoding="utf-8")
    (runner.pytester.path / "broken.toml").write_text("= nonsense", encoding="utf-8")
    quiz = 'question = "What is two and two?"\n[[case]]\nanswer = 4\n'
    (runner.pytester.path / "quiz.toml").write_text(quiz, encoding="utf-8")
    (runner.pytester.path / "cases.toml").write_text("question = 1\ncase = 1\n", encoding="utf-8")
    result = runner(".", "--collect-only")
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_a_scenario_is_collected_wherever_pytest_meets_it(runner: Runner) -> None:
    elsewhere = runner.pytester.path / "elsewhere.toml"
    elsewhere.write_text(runner.quick, encoding="utf-8")
    assert "elsewhere.toml::train[learns]" in ids(runner(".", "--collect-only", "-q"))


def test_a_broken_scenario_where_none_has_to_be_is_left_out_and_named(runner: Runner) -> None:
    runner.pytester.makepyfile("def test_theirs():\n    pass\n")
    text = runner.quick.replace("learning_rate = 3e-2", "learning_rat = 3e-2")
    (runner.pytester.path / "elsewhere.toml").write_text(text, encoding="utf-8")
    result = runner(".")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        ["convergence: left out, because it is broken: *elsewhere.toml:15: training.learning_rat:*"]
    )


@pytest.mark.parametrize(
    "text",
    [
        FOREIGN,
        "= nonsense",
        'question = "and no cases"',
        '[case]\ncity = "Oslo"',
        'question = "Whose?"\ncase = [1]',
    ],
)
def test_a_folder_that_is_only_called_scenarios_is_somebody_elses(
    runner: Runner, text: str
) -> None:
    runner.scenario(text)
    result = runner(".", "--collect-only")
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED
    result.stdout.no_fnmatch_line("*left out*")


def test_a_scenario_whose_toml_is_broken_is_left_out_and_named_there(runner: Runner) -> None:
    runner.scenario(runner.quick.replace("epochs = 12", "epochs = "))
    result = runner(".", "--collect-only")
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED
    result.stdout.fnmatch_lines(["convergence: left out, *quick.toml: broken TOML: *"])


def test_in_a_folder_that_scenario_paths_names_every_toml_file_has_to_be_one(
    runner: Runner,
) -> None:
    runner.scenario(FOREIGN)
    runner.pytester.makeini("[pytest]\nscenario_paths = scenarios\n")
    result = runner(".", "--collect-only")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["*question: is missing*"])


@pytest.mark.parametrize("named", [True, False])
def test_a_broken_file_is_an_error_where_it_was_named_or_under_scenario_paths(
    runner: Runner, named: bool
) -> None:
    path = runner.scenario(FOREIGN, "broken")
    if named:
        moved = runner.pytester.path / "named.toml"
        path.rename(moved)
        path = moved
    result = runner(str(path) if named else "scenarios")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["*question: is missing*"])


def test_every_mistake_of_a_file_is_shown_without_a_traceback_and_nothing_is_trained(
    runner: Runner,
) -> None:
    text = runner.quick.replace("learning_rate = 3e-2", "learning_rat = -1").replace(
        'name = "frozen"', 'name = "learns"'
    )
    runner.scenario(text)
    result = runner("scenarios")
    result.stdout.fnmatch_lines(
        ["*quick.toml:15: training.learning_rat: unknown key; did you mean 'learning_rate'?*"]
    )
    result.stdout.fnmatch_lines(["*'learns' is the name of an earlier case*"])
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*/harness/*.py:*")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    assert not Path("reports").exists()


def test_a_mistake_in_a_data_file_is_shown_when_collecting(runner: Runner) -> None:
    runner.scenario(
        runner.quick.replace(
            'task = "first_value"\nrecords = 64\nvalidation_records = 0\nnoise = 1',
            'file = "d.csv"\ntarget = "label"\ntimesteps = 1\nvalidation_records = 0',
        )
    )
    (runner.folder / "d.csv").write_text("v,labl\n1,0\n0,1\n", encoding="utf-8")
    result = runner("scenarios")
    result.stdout.fnmatch_lines(["*d.csv: has no column 'label'; did you mean 'labl'?*"])
    assert result.ret == pytest.ExitCode.INTERRUPTED


def test_what_may_not_be_meant_in_a_data_file_is_told_once_when_collecting(runner: Runner) -> None:
    folder = runner.scenario(PADDED).parent
    ends = np.arange(4) < np.array([1, 2, 3, 4] * 3)[:, None]
    np.savez(folder / "ids.npz", x=np.where(ends, 5, 0), y=np.arange(12) % 2)
    lines = runner(".", "--collect-only").outlines
    told = "convergence: ids.npz: 9 of 12 records end in id 0, which stands nowhere else"
    assert sum(line.startswith(told) for line in lines) == 1


def test_tags_become_marks_that_m_selects(runner: Runner) -> None:
    runner.scenario()
    assert len(ids(runner("scenarios", "--collect-only", "-q", "-m", "quick"))) == 3
    assert not ids(runner("scenarios", "--collect-only", "-q", "-m", "not quick"))


def test_k_selects_cases_by_name(runner: Runner) -> None:
    runner.scenario()
    assert ids(runner("scenarios", "--collect-only", "-q", "-k", "frozen")) == [
        "scenarios/quick.toml::train[frozen]"
    ]


def test_a_single_item_is_run_by_its_node_id(runner: Runner) -> None:
    runner.scenario()
    result = runner("scenarios/quick.toml::train[frozen]")
    result.assert_outcomes(passed=1)


def test_collecting_imports_neither_torch_nor_scipy(runner: Runner) -> None:
    runner.scenario()
    code = (
        "import sys, pytest; pytest.main(['scenarios', '--collect-only', '-q']); "
        "sys.exit(bool({'torch', 'scipy'} & set(sys.modules)))"
    )
    assert runner.pytester.runpython_c(code).ret == 0
