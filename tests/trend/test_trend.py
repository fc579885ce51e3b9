"""Runs become a trend a case, with its levels and steps, told and drawn."""

import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from harness.report import printable
from harness.trend.chart import chart
from harness.trend.page import MOST_DRAWN, page
from harness.trend.record import as_dict
from harness.trend.run import RunRecord
from harness.trend.text import CHANCE, NO_STEPS, markdown, terminal
from harness.trend.trend import Level, levels, trends
from harness.trend.words import by_place, change, number, place
from tests.report.conftest import EVIL
from tests.trend.canned import STEPPED, case, run, runs


@pytest.fixture
def stepped() -> list[RunRecord]:
    """Runs in which a case slows down by a third, with another PyTorch."""
    found = runs(STEPPED)
    newer = {"torch": "2.14.0", "python": "3.11.7", "keras": "3.15"}
    return [*found[:10], *(replace(each, environment=newer) for each in found[10:])]


def test_levels_lie_between_steps_and_leave_out_what_was_not_measured() -> None:
    values = [None, *([18.0] * 10), None, *([24.0] * 5), None]
    assert levels(values) == (Level(1, 10, 18.0), Level(12, 16, 24.0))
    assert levels([None, None]) == ()
    assert levels([]) == ()


def test_a_step_says_by_how_much_between_which_commits_and_what_else_changed(
    stepped: list[RunRecord],
) -> None:
    [trend] = trends(stepped)
    [step] = trend.steps
    assert change(step) == "epochs 18 -> 24 (+33.3 %)"
    assert place(step) == (
        "00000000 (2026-01-11), after 00000000 (2026-01-10); "
        "torch 2.13.0 -> 2.14.0; keras - -> 3.15"
    )


def test_steps_between_the_same_runs_stand_together_the_newest_first() -> None:
    later = [18.0] * 5 + [12.0] * 10
    both = zip(STEPPED, later, strict=True)
    found = trends(
        [run(day, case("a", a), case("b", b), case("c", a)) for day, (a, b) in enumerate(both)]
    )
    assert [[trend.id for trend, _ in steps] for _, steps in by_place(found)] == [["a", "c"], ["b"]]


def test_a_rate_that_falls_is_a_step_and_one_from_nothing_has_no_share() -> None:
    found = [run(day, case(converged=12 if day < 9 else 0, epochs=18.0)) for day in range(18)]
    [step] = trends(found)[0].steps
    assert change(step) == "converged 100 % -> 0 % (-100 %)"
    found = [run(day, case(converged=0 if day < 9 else 12, epochs=18.0)) for day in range(18)]
    [step] = trends(found)[0].steps
    assert change(step) == "converged 0 % -> 100 %"


def test_each_backend_and_device_has_a_trend_of_its_own() -> None:
    found = trends([run(0, case(), replace(case(), backend="keras-jax"), case("other/one"))])
    assert [(each.id, each.backend) for each in found] == [
        ("other/one", "eager"),
        ("rate/raised", "eager"),
        ("rate/raised", "keras-jax"),
    ]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("raised", ["a/raised"]),
        ("a/*", ["a/raised", "a/too_low"]),
        ("A", []),
        ("*low", ["a/too_low"]),
    ],
)
def test_cases_are_chosen_by_a_pattern_or_a_part_of_their_names(
    pattern: str, found: list[str]
) -> None:
    chosen = trends([run(0, case("a/raised"), case("a/too_low"))], pattern)
    assert [each.id for each in chosen] == found


@pytest.mark.parametrize(
    ("measure", "value", "told"),
    [
        ("rate", 11 / 12, "91.7 %"),
        ("epochs", 17.5, "17.5"),
        ("metric", 0.123456, "0.1235"),
        ("seconds_per_step", 0.00125, "1.25 ms"),
        ("epochs", None, "-"),
    ],
)
def test_a_number_has_its_unit(measure: str, value: float | None, told: str) -> None:
    assert number(measure, value) == told  # type: ignore[arg-type]  # one of the four


@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_a_terminal_of_any_width_is_not_exceeded_and_shows_each_case_and_step(
    stepped: list[RunRecord], width: int
) -> None:
    name = "sequences/a_scenario_with_quite_a_long_name/and_a_case"
    found = [replace(each, cases=(*each.cases, case(name))) for each in stepped]
    text = terminal(found, trends(found), width)
    assert max(map(len, text.splitlines())) <= width
    assert "rate/raised on eager-cpu: epochs 18 -> 24 (+33.3 %)" in " ".join(text.split())
    assert "▇▇" in text
    assert CHANCE[:20] in text


def test_runs_without_a_step_say_so() -> None:
    found = runs([18.0, 18.0, None])
    assert NO_STEPS in terminal(found, trends(found), 80)
    assert NO_STEPS in markdown(found, trends(found))
    assert NO_STEPS in page(found, trends(found))


def test_the_object_for_scripts_names_the_runs_of_each_point_and_step(
    stepped: list[RunRecord],
) -> None:
    told = json.loads(json.dumps(as_dict(stepped, trends(stepped)), allow_nan=False))
    [found] = told["cases"]
    assert (told["schema"], len(told["runs"])) == (1, 15)
    assert (found["id"], found["backend"], found["device"]) == ("rate/raised", "eager", "cpu")
    assert found["points"][10] == {
        "run": 10,
        "rate": 1.0,
        "outcome": "pass",
        "seeds": 12,
        "converged": 12,
        "epochs": 24.0,
        "metric": 0.5,
        "seconds_per_step": None,
        "symptom": None,
        "diagnosis": None,
    }
    [step] = found["steps"]
    assert (step["last_run_before"], step["first_run_after"]) == (9, 10)
    assert step["versions"]["torch"] == ["2.13.0", "2.14.0"]


def test_what_users_wrote_is_no_markup_anywhere() -> None:
    evil = printable(EVIL)  # as `run_of` keeps it
    found = [run(day, case(evil, each), commit=evil) for day, each in enumerate(STEPPED)]
    named = trends(found)
    assert "<script>" not in markdown(found, named)
    assert "<script>" not in page(found, named).replace("&lt;script", "")
    assert all(line.count("|") - line.count("\\|") == 8 for line in _rows(markdown(found, named)))


def _rows(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("|")]


@pytest.mark.parametrize("epochs", [STEPPED, [18.0], [None, 18.0, None], [0.0, 0.0], [-1.0, 1e9]])
def test_a_chart_is_one_picture_with_a_title_and_draws_within_its_frame(
    epochs: list[float | None],
) -> None:
    [trend] = trends(runs(epochs))
    root = ET.fromstring(chart(trend, "epochs"))  # noqa: S314  # our own
    assert root.findtext("{http://www.w3.org/2000/svg}title")
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    dots = [each.attrib for each in root.iter("{http://www.w3.org/2000/svg}circle")]
    assert len(dots) == len([each for each in epochs if each is not None])
    assert all(0 <= float(each["cx"]) <= width for each in dots)
    assert all(0 <= float(each["cy"]) <= height for each in dots)


def test_a_page_draws_each_measure_of_each_case_and_what_stepped_first(
    stepped: list[RunRecord],
) -> None:
    quiet = [replace(each, cases=(*each.cases, case("a/quiet"))) for each in stepped]
    text = page(quiet, trends(quiet))
    assert text.count("<svg") == 6, "rate, epochs and metric of two cases; no step was timed"
    assert text.index('id="case/rate/raised') < text.index('id="case/a/quiet')


def test_a_page_of_many_cases_draws_some_and_lists_all() -> None:
    count = MOST_DRAWN + 5
    found = [run(0, *(case(f"a/{n:04}") for n in range(count)))]
    text = page(found, trends(found))
    assert text.count("<article") == MOST_DRAWN
    assert f"a/{count - 1:04}" in text
