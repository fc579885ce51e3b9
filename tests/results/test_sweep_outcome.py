"""The map that canned histories make."""

import json
from pathlib import Path

import numpy as np
import pytest

from harness.history import History, Stop, crashed
from harness.report.document.maps import drawn_maps
from harness.results.sweep_outcome import TrainabilityMap, chart
from harness.scenario import Scenario, load

TEXT = """\
question = "Which rates?"
[data]
task = "first_value"
[training]
epochs = 4
[converged]
at_least = 1.0
[[case]]
name = "only"
expect = "converges"
[[sweep]]
name = "rate"
note = "canned"
training.learning_rate = {from = 1e-3, to = 10.0, points = 5, spacing = "log"}
"""


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    path = tmp_path / "example.toml"
    path.write_text(TEXT, encoding="utf-8")
    return load(path, "example")


def history(seed: int, converged_at: int | None, loss: float = 0.69) -> History:
    """Return four epochs, or those until the criterion was met."""
    epochs = 4 if converged_at is None else converged_at
    metric = np.zeros(epochs + 1)
    metric[-1] = float(converged_at is not None)
    losses = np.full(epochs + 1, 0.69)
    losses[-1] = loss
    stopped = Stop.BUDGET if converged_at is None else Stop.CONVERGED
    none, layers = np.full(epochs + 1, np.nan), np.zeros((epochs, 1))
    return History(
        seed, stopped, losses, metric, none, none, ("lstm",), layers, layers, losses, 9, 0.5
    )


def drawn(scenario: Scenario, points: list[list[History]]) -> TrainabilityMap:
    return chart(scenario, scenario.sweeps[0], "eager", "cpu", points)


def seeds(*epochs: int | None) -> list[History]:
    return [history(seed, at) for seed, at in enumerate(epochs)]


@pytest.fixture
def rates(scenario: Scenario) -> TrainabilityMap:
    diverged = [history(0, 2), history(1, None, 9.0), history(2, None, 9.0)]
    good = [seeds(3, 1, 2), seeds(1, 1, 2)]
    return drawn(scenario, [seeds(None, None, None), *good, seeds(4, None, 1), diverged])


def test_a_point_holds_share_interval_median_epochs_and_symptom(rates: TrainabilityMap) -> None:
    assert [p.values for p in rates.points] == [(0.001,), (0.01,), (0.1,), (1.0,), (10.0,)]
    assert [p.converged for p in rates.points] == [0, 3, 3, 2, 1]
    assert [p.share for p in rates.points] == [0.0, 1.0, 1.0, 2 / 3, 1 / 3]
    assert [p.median_epochs for p in rates.points] == [None, 2.0, 1.0, 2.5, 2.0]
    assert rates.points[3].epochs_to_converge == (4, None, 1)
    assert [p.symptom for p in rates.points] == ["plateaued", None, None, "plateaued", "diverged"]
    low, high = rates.points[1].interval
    assert low < rates.points[1].share <= high


def test_the_map_says_what_was_varied_and_how(rates: TrainabilityMap) -> None:
    assert (rates.id, rates.name, rates.note) == ("example/rate", "rate", "canned")
    assert (rates.seeds, rates.epochs, rates.crashed) == (3, 4, None)
    assert str(rates.criterion) == "train accuracy >= 1"
    assert rates.seconds == 7.5
    assert [(axis.key, axis.name) for axis in rates.axes] == [
        ("training.learning_rate", "learning_rate")
    ]


def test_a_map_survives_json_and_keys_of_a_later_version(rates: TrainabilityMap) -> None:
    record = json.loads(json.dumps(rates.to_dict())) | {"mood": "good"}
    assert TrainabilityMap.from_dict(record) == rates


def test_a_map_of_schema_1_is_read(rates: TrainabilityMap) -> None:
    old = rates.to_dict() | {"criterion": "train accuracy >= 1"}
    assert TrainabilityMap.from_dict(old) == rates


def test_a_crash_is_told(scenario: Scenario) -> None:
    points = [seeds(1) for _ in range(4)] + [[crashed(0, "ValueError: no")]]
    found = drawn(scenario, points)
    assert found.crashed == "seed 0 raised ValueError: no"
    assert found.points[-1].symptom == "crashed"
    assert drawn_maps([found])[0].sentence == "error: seed 0 raised ValueError: no"


def test_the_stretches_where_all_seeds_converge_are_named(
    scenario: Scenario, rates: TrainabilityMap
) -> None:
    assert drawn_maps([rates])[0].sentence == "all 3 seeds converge at 2 of 5 points: 0.01 to 0.1"
    apart = drawn(scenario, [seeds(1), seeds(None), seeds(1), seeds(2), seeds(None)])
    assert (
        drawn_maps([apart])[0].sentence == "all 1 seeds converge at 3 of 5 points: 0.001, 0.1 to 1"
    )
    never = drawn(scenario, [seeds(None)] * 5)
    assert drawn_maps([never])[0].sentence == "all 1 seeds converge at 0 of 5 points"


def test_a_row_says_how_many_converged_when_and_how_the_others_failed(
    rates: TrainabilityMap,
) -> None:
    table = drawn_maps([rates])[0].tables[0]
    assert table.headings == ("learning_rate", "converged", "epochs", "the others")
    assert table.rows[3] == ("1", "2/3 (21-94 %)", "2.5 (1-4)", "plateaued")
    assert table.rows[0][2:] == ("-", "plateaued")
