"""Maps of trainability in every report."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import product
from pathlib import Path

import pytest

from harness.report import ReportError, compose, merge_maps, read, read_maps, terminal, write
from harness.report.charts import map_chart
from harness.report.document import Document
from harness.report.html import html
from harness.report.markdown import markdown
from harness.report.results import encode
from harness.results.outcome import Outcome
from harness.results.sweep_outcome import MapAxis, MapPoint, TrainabilityMap
from harness.scenario.criterion import Criterion
from harness.verdict import Symptom

Make = Callable[..., Outcome]


def point(*values: float, converged: int) -> MapPoint:
    epochs = tuple(3 + seed if seed < converged else None for seed in range(4))
    return MapPoint(
        values=values,
        epochs_to_converge=epochs,
        symptom=Symptom.STILL_IMPROVING if converged < 4 else None,
    )


def make_map(*axes: MapAxis, **changes: object) -> TrainabilityMap:
    """Return a map in which ever more seeds converge."""
    grid = list(product(*(axis.values for axis in axes)))
    points = tuple(point(*v, converged=n * 5 // len(grid)) for n, v in enumerate(grid))
    found = TrainabilityMap(
        scenario="training/learning_rate_map",
        name="rate",
        question="Which rates <train>?",
        note="A | note",
        backend="ensemble",
        device="cpu",
        criterion=Criterion("accuracy", "train", at_least=1.0),
        epochs=15,
        axes=axes,
        points=points,
        seconds=1.5,
        crashed=None,
    )
    return replace(found, **changes)  # type: ignore[arg-type]  # a test names what it changes


def maps_only(*maps: TrainabilityMap) -> Document:
    return compose({}, [], maps)


def picture(found: TrainabilityMap) -> str:
    return map_chart(maps_only(found).maps[0])


def rates(count: int = 13) -> MapAxis:
    values = tuple(10.0 ** (n / 2 - 5) for n in range(count))
    return MapAxis("training.learning_rate", values, "log")


def momenta(count: int = 10) -> MapAxis:
    return MapAxis("training.momentum", tuple(n / count for n in range(count)), "linear")


SHAPES = [
    (rates(),),
    (momenta(100),),
    (rates(2),),
    (MapAxis("training.batch_size", (4, 8), "log"),),
    (rates(), momenta()),
    (rates(20), momenta(100)),
    (rates(2), momenta(2)),
]


@pytest.mark.parametrize("axes", SHAPES, ids=str)
@pytest.mark.parametrize("width", [20, 40, 60, 80, 120, 200])
def test_no_line_is_longer_than_the_terminal(axes: tuple[MapAxis, ...], width: int) -> None:
    lines = terminal(maps_only(make_map(*axes)), width).splitlines()
    assert max(map(len, lines)) <= width


def test_a_terminal_shows_what_has_room() -> None:
    wide = terminal(maps_only(make_map(rates(3))), 100)
    assert "training/learning_rate_map/rate: all 4 seeds converge at 0 of 3 points" in wide
    assert "still improving" in wide
    narrow = terminal(maps_only(make_map(rates(3))), 35)
    assert "still improving" not in narrow
    assert narrow.splitlines()[7].split() == ["0.0001", "3/4", "4"]


def test_what_does_not_fit_beside_the_name_of_a_map_goes_on_indented() -> None:
    lines = terminal(maps_only(make_map(rates(3))), 60).splitlines()
    assert lines[:2] == [
        "training/learning_rate_map/rate: all 4 seeds converge at 0",
        "  of 3 points",
    ]


def test_two_numbers_make_a_grid_of_counts_where_epochs_have_no_room() -> None:
    wide = terminal(maps_only(make_map(rates(2), momenta(10))), 160)
    assert "2/4, 3.5" in wide
    narrow = terminal(maps_only(make_map(rates(2), momenta(10))), 80).splitlines()
    assert narrow[3].split() == ["1e-05", *"0000111122"]
    assert narrow[4].split() == ["3.16228e-05", *"2233334444"]


@pytest.mark.parametrize("axes", SHAPES, ids=str)
def test_a_picture_is_xml_with_nothing_outside_it(
    axes: tuple[MapAxis, ...],
) -> None:
    root = ET.fromstring(picture(make_map(*axes)))  # noqa: S314  # our own text
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for element in root.iter():
        assert 0 <= float(element.get("x", 0)) <= width
        assert 0 <= float(element.get("y", 0)) <= height
        assert 0 <= float(element.get("cx", 0)) <= width
        assert 0 <= float(element.get("cy", 0)) <= height


def test_a_line_has_a_mark_a_point_and_shades_where_all_seeds_converge() -> None:
    found = make_map(rates(5))  # 0, 1, 2, 3 and 4 of 4 converge
    drawn = picture(found)
    assert drawn.count('class="dot"') == 5 + 4
    assert drawn.count('class="range"') == 4
    assert drawn.count('class="trained"') == 1
    assert "training.learning_rate" in drawn


def test_a_heat_map_has_a_cell_a_point_and_its_numbers_where_they_fit() -> None:
    drawn = picture(make_map(rates(5), momenta(5)))
    assert drawn.count('class="cell"') == 25
    assert drawn.count('class="share"') == 25
    assert drawn.count('class="epochs"') == 20
    crowded = picture(make_map(rates(5), momenta(100)))
    assert crowded.count('class="cell"') == 500
    assert 'class="share"' not in crowded


def test_markdown_holds_sentence_and_table() -> None:
    text = markdown(maps_only(make_map(rates(5))))
    assert "## Maps of trainability" in text
    assert "**all 4 seeds converge at 1 of 5 points: 0.001**" in text
    assert "Which rates &lt;train&gt;?" in text
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert len(table) == 7
    assert {line.count("|") for line in table} == {5}


def test_the_page_holds_the_picture_and_links_to_it(make: Make) -> None:
    text = html(
        compose({}, [make()], [make_map(rates(5)), make_map(rates(5), momenta(3), name="grid")])
    )
    HTMLParser().feed(text)
    assert 'href="#maps"' in text
    assert text.count('<div class="map">') == 2
    assert "Which rates &lt;train&gt;?" in text
    assert '<figure class="error">' in html(maps_only(make_map(rates(3), crashed="seed 0 raised")))


def test_backends_are_named_where_several_drew() -> None:
    both = [make_map(rates(3)), make_map(rates(3), backend="eager")]
    assert "rate on eager cpu: all" in terminal(maps_only(*both), 100)
    assert "rate on eager cpu" not in terminal(maps_only(both[1]), 100)


def test_a_report_without_maps_says_nothing_of_them(make: Make) -> None:
    document = compose({}, [make()])
    for text in (terminal(document, 100), markdown(document), html(document)):
        assert "trainability" not in text


def test_results_keep_maps_beside_the_cases(tmp_path: Path, make: Make) -> None:
    found = [make_map(rates(5)), make_map(rates(3), momenta(3), scenario="x", name="grid")]
    write(tmp_path, {}, [make()], found)
    record = json.loads((tmp_path / "results.json").read_text())
    assert list(record) == ["schema", "checksum", "environment", "cases", "maps"]
    assert record["schema"] == 3
    assert read_maps(tmp_path) == found
    assert read(tmp_path)[1] == [make()]


def test_reports_from_before_maps_have_none_and_damaged_ones_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    record = json.loads(encode({}, []))
    del record["maps"], record["checksum"]
    record["schema"] = 1
    file.write_text(json.dumps(record))
    assert read_maps(tmp_path) == []
    file.write_text(json.dumps(record | {"maps": [{}]}))
    with pytest.raises(ReportError, match=r"results.json is no convergence report: 0\.scenario"):
        read_maps(tmp_path)


def test_a_map_drawn_twice_is_taken_from_the_last_report() -> None:
    old, new = make_map(rates(3)), make_map(rates(3), note="new")
    assert merge_maps([[old], [new, replace(old, backend="eager")]]) == [
        new,
        replace(old, backend="eager"),
    ]
