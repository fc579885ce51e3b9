import math
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from harness.report.axis import Axis, loss_axis
from harness.report.curve import draw, file_name, loss_bands, picture
from harness.report.markdown import escaped, markdown
from harness.report.page import page
from harness.results.cause import Cause
from harness.results.comparison import Comparison
from harness.results.criterion import Criterion
from harness.results.outcome import Outcome
from harness.results.probe import Probe
from harness.results.seed_run import Numbers, SeedRun

Make = Callable[..., Outcome]
Cases = Callable[..., list[Outcome]]

EVIL = "a|b <script>alert(1)</script> & `x` *y* [z](u)"


def evil(make: Make) -> Outcome:
    return make(
        question=EVIL,
        note=EVIL,
        criterion=Criterion(EVIL, "train", at_least=1.0),
        diagnosis=(Cause(EVIL, EVIL, EVIL),),
        comparison=Comparison("slower", EVIL),
        probes=(Probe(EVIL, "fail", 2.0, 1.0, EVIL),),
    )


def test_markdown_shows_special_characters_as_they_are() -> None:
    assert escaped("a|b\n<c>") == r"a\|b &lt;c&gt;"
    assert escaped("_it_ learning_rate") == r"\_it\_ learning_rate"


def test_no_text_breaks_a_markdown_table(make: Make) -> None:
    text = markdown({"processor": EVIL}, [evil(make), make("fine")])
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) == 1
    assert "<script>" not in text


def test_markdown_tells_counts_question_note_and_remedy(learning_rate: Cases) -> None:
    text = markdown({"torch": "2.13", "cores": 2}, learning_rate(note="Takes long."))
    assert "**3 cases: 3 pass**\n\ntorch 2.13, cores 2\n\n## training/learning_rate\n" in text
    assert "Converged: train accuracy &gt;= 1, held 2." in text
    assert "- `too_low`: Takes long." in text
    remedy = next(line for line in text.splitlines() if line.startswith("| training/"))
    assert [cell.strip() for cell in remedy.strip("|").split("|")] == [
        "training/learning_rate",
        "`too_low`",
        "0/12",
        "`raised`",
        "12/12",
        "yes",
    ]


def test_markdown_links_each_case_to_its_curve(make: Make) -> None:
    outcome = make()
    assert f"[`adam_default`](curves/{file_name(outcome)})" in markdown({}, [outcome])


class Tags(HTMLParser):
    """Collects what is opened and never closed, and what would load something."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.loads += [str(value) for name, value in attrs if name in {"src", "xlink:href"}]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(text: str) -> Tags:
    tags = Tags()
    tags.feed(text)
    return tags


def test_the_page_is_well_formed_and_loads_nothing(make: Make, learning_rate: Cases) -> None:
    text = page({"<": "<"}, [evil(make), *learning_rate(backend="fast")])
    tags = parsed(text)
    assert tags.open == []
    assert tags.loads == []
    assert "script" not in tags.seen
    assert not re.search(r"url\(|@import|<link", text)


def test_the_page_holds_a_curve_a_case_and_all_sections(learning_rate: Cases) -> None:
    text = page(
        {},
        [
            *learning_rate(),
            *learning_rate(backend="fast", probes=(Probe("loss", "fail", 2.0, 1.0, "off"),)),
        ],
    )
    assert text.count("<svg") == 6
    for section in ("findings", "training/learning_rate", "remedies", "backends"):
        assert f'<section id="{section}"' in text


def test_a_report_without_cases_is_a_page_too() -> None:
    assert parsed(page({}, [])).open == []
    assert "no cases" in markdown({}, [])


def test_a_picture_is_xml_with_band_median_plateau_and_convergence(make: Make) -> None:
    root = ET.fromstring(picture(make()))  # noqa: S314  # our own text
    classes = [element.get("class") for element in root.iter() if element.get("class")]
    for name in ("band", "median", "plateau", "converged", "grid"):
        assert name in classes


def with_losses(make: Make, *losses: Numbers) -> tuple[SeedRun, ...]:
    return tuple(replace(make().runs[0], train_loss=each) for each in losses)


@pytest.mark.parametrize(
    "losses",
    [
        (),
        (None,),
        (0.7,),
        (0.7, None),
        (0.0, 0.0),
        (-1.0, -2.0),
        (0.7, 1e30),
        (1.0,) * 5000,
        (1e-300, 1e300),
        (1e-300,) * 3,
    ],
)
def test_any_loss_can_be_drawn(make: Make, losses: Numbers) -> None:
    runs = with_losses(make, losses)
    text = picture(make(runs=runs))
    ET.fromstring(text)  # noqa: S314  # our own text
    assert "nan" not in text
    assert "inf" not in text.replace("infinite", "").replace("no finite", "")
    assert len(text) < 12_000


def test_a_case_without_seeds_can_be_drawn(make: Make) -> None:
    assert "no finite loss" in draw(make(epochs=()))


def test_a_seed_that_stopped_keeps_its_last_loss(make: Make) -> None:
    runs = with_losses(make, (4.0, 2.0), (4.0, 3.0, 1.0, 0.0))
    assert loss_bands(runs).tolist() == [[4, 2, 1, 0], [4, 2.5, 1.5, 1], [4, 3, 2, 2]]


def test_a_diverged_seed_leaves_the_band_to_the_others(make: Make) -> None:
    runs = with_losses(make, (4.0, None), (4.0, 3.0), (2.0,))
    assert loss_bands(runs).tolist() == [[2, 2], [4, 2.5], [4, 3]]
    assert np.isnan(loss_bands(with_losses(make, (None,)))).all()


def test_an_axis_has_few_round_marks() -> None:
    assert Axis(0, 60, 0, 1).ticks == [0, 20, 40, 60]
    assert [round(tick, 9) for tick in Axis(0, 0.72, 0, 1).ticks] == [0, 0.2, 0.4, 0.6]
    assert loss_axis(0.001, 1.0, 0, 1).ticks == pytest.approx([0.001, 0.01, 0.1, 1.0])


def test_a_loss_over_more_than_two_decades_is_drawn_logarithmically() -> None:
    assert loss_axis(0.001, 1.0, 0, 3).at(0.1) == pytest.approx(2)
    assert loss_axis(0.1, 1.0, 0, 1.05).at(0.5) == pytest.approx(0.5)
    assert math.isfinite(loss_axis(0.0, 0.0, 0, 1).at(0.0))
