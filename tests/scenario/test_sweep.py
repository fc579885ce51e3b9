"""A sweep becomes a case a point, and every mistake in it is named."""

import tomllib
from pathlib import Path

import jsonschema
import pytest

from harness.scenario import Scenario, ScenarioError, Sweep, load
from harness.scenario.schema import schema

SHARED = """\
question = "What happens?"
[data]
task = "first_value"
[training]
epochs = 7
[converged]
at_least = 1.0
[[case]]
name = "only"
expect = "fails"
"""
RATE = 'training.learning_rate = {from = 1e-3, to = 1.0, points = 4, spacing = "log"}\n'
SWEEP = '[[sweep]]\nname = "rate"\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "example.toml"


def loaded(path: Path, text: str) -> Scenario:
    path.write_text(SHARED + text, encoding="utf-8")
    return load(path, "training/example")


def swept(path: Path, lines: str) -> Sweep:
    (sweep,) = loaded(path, SWEEP + lines).sweeps
    return sweep


def mistakes(path: Path, text: str) -> list[str]:
    """Return the mistakes in a file, each as ``line: field: sentence``."""
    with pytest.raises(ScenarioError) as raised:
        loaded(path, text)
    return [str(problem).removeprefix(f"{path}:").strip() for problem in raised.value.problems]


def test_a_file_without_a_sweep_has_none(path: Path) -> None:
    assert loaded(path, "").sweeps == ()


def test_a_point_is_a_case_with_the_shared_tables_and_its_value(path: Path) -> None:
    sweep = swept(path, RATE)
    assert (sweep.id, sweep.seeds, sweep.note) == ("training/example/rate", 6, "")
    assert [case.name for case in sweep.cases] == [
        "rate[learning_rate=0.001]",
        "rate[learning_rate=0.01]",
        "rate[learning_rate=0.1]",
        "rate[learning_rate=1]",
    ]
    assert [case.training.learning_rate for case in sweep.cases] == [0.001, 0.01, 0.1, 1.0]
    assert {case.training.epochs for case in sweep.cases} == {7}
    assert [(axis.key, axis.spacing) for axis in sweep.axes] == [("training.learning_rate", "log")]


def test_a_sweep_overrides_the_shared_tables_as_a_case_does(path: Path) -> None:
    sweep = swept(path, "seeds = 3\nmodel.units = [4]\ntraining.epochs = 2\n" + RATE)
    assert sweep.seeds == 3
    assert {(case.model.units, case.training.epochs) for case in sweep.cases} == {((4,), 2)}


def test_two_axes_make_a_grid_with_the_last_fastest(path: Path) -> None:
    sweep = swept(
        path,
        'training.optimizer = "sgd"\n'
        'training.learning_rate = {from = 0.1, to = 1, points = 2, spacing = "log"}\n'
        'training.momentum = {from = 0, to = 0.8, points = 3, spacing = "linear"}\n',
    )
    assert [(c.training.learning_rate, c.training.momentum) for c in sweep.cases] == [
        (0.1, 0.0),
        (0.1, 0.4),
        (0.1, 0.8),
        (1.0, 0.0),
        (1.0, 0.4),
        (1.0, 0.8),
    ]
    assert sweep.cases[1].name == "rate[learning_rate=0.1,momentum=0.4]"


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("training.batch_size = {from = 4, to = 64, points = 5", (4, 8, 16, 32, 64)),
        ("training.batch_size = {from = 1, to = 4, points = 9", (1, 2, 3, 4)),
        ("model.forget_bias = {from = 1, to = 100, points = 3", (1.0, 10.0, 100.0)),
        ("training.clip_norm = {from = 0.1, to = 10, points = 3", (0.1, 1.0, 10.0)),
        ("data.noise = {from = 1, to = 9, points = 3", (1, 3, 9)),
        ("converged.at_least = {from = 0.25, to = 1, points = 3", (0.25, 0.5, 1.0)),
    ],
)
def test_any_number_can_be_varied_and_whole_ones_stay_whole(
    path: Path, line: str, values: tuple[float, ...]
) -> None:
    sweep = swept(path, line + ', spacing = "log"}\n')
    assert sweep.axes[0].values == values
    assert len(sweep.cases) == len(values)
    assert [type(value) for value in sweep.axes[0].values] == [type(value) for value in values]


def test_a_range_may_be_written_as_a_table_of_its_own(path: Path) -> None:
    table = '[sweep.training.learning_rate]\nfrom = 0.1\nto = 1\npoints = 2\nspacing = "log"\n'
    assert len(swept(path, table).cases) == 2


@pytest.mark.parametrize(
    ("lines", "mistake"),
    [
        ("", "11: sweep[0]: varies 0 keys: give one or two of them a range"),
        ("expect = 'fails'\n" + RATE, "13: sweep[0].expect: unknown key; valid: converged, data,"),
        ("sedes = 3\n" + RATE, "13: sweep[0].sedes: unknown key; did you mean 'seeds'?"),
        ("seeds = 0\n" + RATE, "13: sweep[0].seeds: must be greater than or equal to 1, got 0"),
        ("model = 3\n" + RATE, "13: sweep[0].model: must be a table, got 3"),
        (
            RATE.replace("learning_rate", "learning_rte"),
            "13: sweep[0].training.learning_rte: unknown key; did you mean 'learning_rate'?",
        ),
        (
            RATE.replace("learning_rate", "optimizer"),
            "13: sweep[0].training.optimizer: is no number; only numbers have a range",
        ),
        (
            RATE.replace("training.learning_rate", "model.units"),
            "13: sweep[0].model.units: is no number",
        ),
        (
            RATE.replace("training.learning_rate", "training.shuffle"),
            "13: sweep[0].training.shuffle: is no number",
        ),
        (
            RATE.replace("learning_rate", "batch_size"),
            "13: sweep[0].training.batch_size: must begin and end with whole numbers",
        ),
        (RATE.replace("points", "pints"), "13: sweep[0].training.learning_rate.points: is missing"),
        (
            RATE.replace("1e-3", "0"),
            '13: sweep[0].training.learning_rate: spacing = "log" needs from and to above 0',
        ),
        (
            RATE.replace("1e-3", "2"),
            "13: sweep[0].training.learning_rate: from (2) must be below to (1)",
        ),
        (RATE.replace("1e-3", "'a'"), "13: sweep[0].training.learning_rate.from: must be a valid"),
        (
            RATE.replace("= 4", "= 1"),
            "13: sweep[0].training.learning_rate.points: must be greater than or equal to 2",
        ),
        (
            RATE.replace("= 4", "= 101"),
            "13: sweep[0].training.learning_rate.points: must be less than or equal to 100",
        ),
        (
            RATE.replace("log", "lgo"),
            "13: sweep[0].training.learning_rate.spacing: unknown value 'lgo'; did you mean 'log'?",
        ),
        (
            RATE.replace("}", ", step = 2}"),
            "13: sweep[0].training.learning_rate.step: unknown key; valid: from, points, ",
        ),
        (
            'model.dropout = {from = 0.0, to = 1.0, points = 50, spacing = "linear"}\n',
            "13: sweep[0].model.dropout: must be less than 1, got 1.0",
        ),
        (
            'training.momentum = {from = 0.1, to = 0.9, points = 9, spacing = "linear"}\n',
            "13: sweep[0].training.momentum: is used by rmsprop and sgd only",
        ),
    ],
)
def test_a_mistake_in_a_sweep_is_named_with_what_would_be_right(
    path: Path, lines: str, mistake: str
) -> None:
    found = mistakes(path, SWEEP + lines)
    assert any(mistake in each for each in found), found
    assert all(each.startswith(("11: sweep[0]", "13: sweep[0]")) for each in found)


def test_a_bound_that_both_ends_break_is_told_once_an_end(path: Path) -> None:
    line = 'training.decay = {from = 2, to = 9, points = 50, spacing = "log"}\n'
    assert len(mistakes(path, SWEEP + line)) == 2


def test_three_axes_are_too_many_for_a_picture(path: Path) -> None:
    more = RATE + RATE.replace("learning_rate", "epsilon") + RATE.replace("learning_", "clip_")
    more = more.replace("clip_rate", "clip_norm")
    assert mistakes(path, SWEEP + more) == [
        "11: sweep[0]: varies 3 keys: give one or two of them a range"
    ]


def test_names_are_unique_among_cases_and_sweeps(path: Path) -> None:
    twice = SWEEP + RATE + SWEEP + RATE + SWEEP.replace("rate", "only") + RATE
    assert mistakes(path, twice) == [
        "15: sweep[1].name: 'rate' is the name of an earlier sweep",
        "18: sweep[2].name: 'only' is the name of a case",
    ]


def test_sweeps_are_tables(path: Path) -> None:
    path.write_text("sweep = 3\n" + SHARED, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"begin each with \[\[sweep\]\]"):
        load(path, "x")


def test_a_sweep_needs_a_case_beside_it(path: Path) -> None:
    path.write_text(SHARED.partition("[[case]]")[0] + SWEEP + RATE, encoding="utf-8")
    with pytest.raises(ScenarioError, match="at least one"):
        load(path, "x")


@pytest.mark.parametrize(
    ("lines", "valid"),
    [
        (RATE, True),
        ("seeds = 3\nmodel.units = [4]\n" + RATE, True),
        ("seeds = 0\n" + RATE, False),
        (RATE.replace("learning_rate", "learning_rte"), False),
        (RATE.replace("learning_rate", "optimizer"), False),
        (RATE.replace("log", "lgo"), False),
        (RATE.replace("points = 4, ", ""), False),
        ("expect = 'fails'\n" + RATE, False),
    ],
)
def test_the_schema_agrees(lines: str, valid: bool) -> None:
    table = tomllib.loads(SHARED + SWEEP + lines)
    assert jsonschema.Draft7Validator(schema()).is_valid(table) is valid
