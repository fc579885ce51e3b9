"""Every mistake in a file as a whole, or in what its cases share, is named at its line."""

from pathlib import Path

import pytest

from harness.scenario import ScenarioError, load
from tests.scenario.mistaken import CASE, SHARED, mistakes


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (SHARED + CASE.replace('name = "first"\n', ""), "6: case[0].name: is missing"),
        (SHARED + CASE.replace('expect = "fails"\n', ""), "6: case[0].expect: is missing"),
        (SHARED.replace('question = "What happens?"\n', "") + CASE, "question: is missing"),
        (
            SHARED.replace('task = "first_value"', "") + CASE,
            "2: data: is missing: name a task",
        ),
        (SHARED, "case: is missing: a scenario has at least one [[case]] table"),
        ("case = []\n" + SHARED, "1: case: is missing"),
        ("case = 5\n" + SHARED, "1: case: must be tables"),
        ('case = ["a"]\n' + SHARED, "1: case: must be tables"),
        (SHARED + CASE.replace("[[case]]", "[case]"), "case: must be tables: begin each with [["),
        (SHARED.replace('"What happens?"', "3") + CASE, "1: question: must be a text, got 3"),
        ("tags = ['a b']\n" + SHARED + CASE, "1: tags: must be a list of words usable with -m"),
        ("tags = 'a'\n" + SHARED + CASE, "1: tags: must be a list of words usable with -m"),
        ("quesion = 'a'\n" + SHARED + CASE, "1: quesion: unknown key; did you mean 'question'?"),
        ("model = 5\n" + SHARED + CASE, "1: model: must be a table, got 5"),
        (SHARED + "[model]\nunits = [0]\n" + CASE, "7: model.units.0: must be greater than or"),
    ],
)
def test_a_mistake_in_the_shared_part_is_named_at_its_line(
    path: Path, text: str, mistake: str
) -> None:
    (found,) = mistakes(path, text)
    assert found.startswith(mistake)


def test_a_mistake_in_the_shared_part_is_reported_once_for_all_cases(path: Path) -> None:
    shared = SHARED + "[training]\nlearning_rate = -1\n"
    (mistake,) = mistakes(path, shared + CASE + CASE.replace("first", "second"))
    assert mistake == "7: training.learning_rate: must be greater than 0, got -1"


def test_all_mistakes_of_a_file_are_reported_at_once_in_the_order_of_their_lines(
    path: Path,
) -> None:
    text = """\
question = "What happens?"
tag = ["training"]

[data]
task = "first_valeu"

[training]
batch_size = 0          # impossible

[[case]]
name = "first"
expect = "fials"
model.units = [0]

[[case]]
name = "first"
expect = "fails"
remedies = "third"

[case.training]
learning_rate = "fast"
"""
    assert [mistake.split(": ")[:2] for mistake in mistakes(path, text)] == [
        ["converged", "give exactly one of at_least, at_most, mean_at_least and mean_at_most"],
        ["2", "tag"],
        ["5", "data.task"],
        ["8", "training.batch_size"],
        ["12", "case[0].expect"],
        ["13", "case[0].model.units.0"],
        ["16", "case[1].name"],
        ["18", "case[1].remedies"],
        ["21", "case[1].training.learning_rate"],
    ]


def test_broken_toml_is_reported_with_line_and_column(path: Path) -> None:
    (mistake,) = mistakes(path, SHARED + "[[case]\n")
    assert "broken TOML" in mistake
    assert "line 6, column 7" in mistake


def test_a_file_of_another_encoding_is_reported_with_its_first_bad_byte(path: Path) -> None:
    assert mistakes(path, 'question = "Größe?"'.encode("latin-1")) == [
        "is not UTF-8: byte 14 is 0xf6"
    ]


def test_a_file_that_is_not_there_is_a_mistake_too(path: Path) -> None:
    with pytest.raises(ScenarioError, match="No such file"):
        load(path, "gone")


def test_a_wrong_number_does_not_hide_what_else_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "several.toml"
    path.write_text(
        'question = "x"\n[data]\ntask = "first_value"\nvalidation_records = 0\n'
        "[training]\nlearning_rate = 0\nmomentum = 0.9\n"
        '[converged]\nmetric = "rmse"\non = "validation"\nat_least = 1\n'
        '[[case]]\nname = "a"\nexpect = "fails"\ndiagnosis = "none"\n',
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError) as refused:
        load(path, "several")
    assert [problem.line for problem in refused.value.problems] == [4, 6, 7, 9]


@pytest.mark.parametrize("tag", ["skip", "xfail", "parametrize"])
def test_a_tag_that_means_something_to_pytest_is_refused(tmp_path: Path, tag: str) -> None:
    path = tmp_path / "tagged.toml"
    path.write_text(f'question = "x"\ntags = ["{tag}"]\n', encoding="utf-8")
    with pytest.raises(ScenarioError, match=f"{tag} means something to pytest itself"):
        load(path, "tagged")


def test_a_name_that_no_file_system_takes_is_refused_with_the_limit(path: Path) -> None:
    [mistake] = mistakes(path, SHARED + CASE.replace("first", "x" * 300))
    assert mistake == "7: case[0].name: has 300 characters, at most 100 fit"
    [mistake] = mistakes(path.with_name(f"{'ü' * 60}.toml"), SHARED + CASE)
    assert mistake.endswith("its name has 120 bytes, at most 100 fit: shorten it")


def test_a_name_of_the_longest_length_is_taken(path: Path) -> None:
    long = path.with_name(f"{'x' * 100}.toml")
    long.write_text(SHARED + CASE.replace("first", "y" * 100), encoding="utf-8")
    assert len(load(long, "example").cases[0].name) == 100
