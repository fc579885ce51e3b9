import re
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest

from harness.diagnosis.cases.cause import Cause
from harness.report import compose
from harness.report.html import html
from harness.results.outcome import Outcome
from harness.results.probe import Probe

Make = Callable[..., Outcome]
Cases = Callable[..., list[Outcome]]


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
        if tag not in {"input", "meta", "wbr"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(text: str) -> Tags:
    tags = Tags()
    tags.feed(text)
    return tags


def test_the_page_is_well_formed_and_loads_nothing(evil: Outcome, learning_rate: Cases) -> None:
    text = html(compose({"<": "<"}, [evil, *learning_rate(backend="fast")]))
    tags = parsed(text)
    assert tags.open == []
    assert tags.loads == []
    assert text.count("<script") == 1, "ours"
    assert not re.search(r"url\(|@import|<link", text)


def test_the_page_holds_a_curve_a_case_and_all_sections(learning_rate: Cases) -> None:
    failing = (Probe("loss", "fail", 2.0, 1.0, "off"),)
    outcomes = [*learning_rate(), *learning_rate(backend="fast", probes=failing)]
    text = html(compose({}, outcomes))
    assert text.count("<svg") == 2 * 6, "metric and loss"
    for section in ("findings", "scenario/training/learning_rate", "remedies", "backends"):
        assert f'<section id="{section}"' in text


def test_a_report_without_cases_is_a_page_too() -> None:
    assert parsed(html(compose({}, []))).open == []
    assert "no cases" in html(compose({}, []))


class Anchors(HTMLParser):
    """Collects what links point to, and what they can point to."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: set[str] = set()
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.ids += [str(known["id"])] if "id" in known else []
        self.targets |= {str(known["href"])} if "href" in known else set()


def test_every_link_leads_to_one_place_of_the_page(make: Make, evil: Outcome) -> None:
    namesake = make(scenario="findings")
    cases = [evil, make("a b%c", epochs=(None,) * 12), make(backend="fast"), namesake]
    text = html(compose({}, cases))
    anchors = Anchors()
    anchors.feed(text)
    assert len(anchors.ids) == len(set(anchors.ids))
    assert not any(re.search(r"\s", each) for each in anchors.ids)
    assert len(anchors.targets) > 2
    assert {unquote(target.removeprefix("#")) for target in anchors.targets} <= set(anchors.ids)


def test_a_diagnosis_stands_between_the_note_and_the_curves_of_its_case(make: Make) -> None:
    cause = Cause("learning_rate_too_low", "the loss stands still", "raise it", ("rate = 1",))
    failed = make(epochs=(None,) * 12, note="As on the forum.", diagnosis=(cause,))
    _, _, text = html(compose({}, [failed])).partition("<article")
    said = ["As on the forum.", "the loss stands still", "<code>rate = 1</code>", "<svg"]
    assert sorted(said, key=text.index) == said


def test_a_case_is_the_heading_of_its_row(make: Make) -> None:
    text = html(compose({}, [make()]))
    heading = re.search(r'<th scope="row"><a href="#(.*?)">(.*?)</a></th>', text)
    assert heading is not None
    assert heading[2].replace("<wbr>", "") == "training/learning_rate/adam_default"


def test_beyond_some_cases_only_those_are_drawn_that_need_looking_at(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.report.html.MOST_DETAILED", 1)
    text = html(compose({}, [make("fine"), make("failed", epochs=(None,) * 12)]))
    assert "curves and numbers of 1 cases" in text
    assert text.index("<svg") > text.index('<article id="case/training/learning_rate/failed"')


def test_what_a_case_declared_and_what_trains_it_again_stand_below_it(make: Make) -> None:
    told = make(overrides=("training.epochs = 9",), node="scenarios/a.toml::train[x]")
    text = html(compose({}, [told]))
    assert "<dd>training.epochs = 9</dd>" in text
    assert "<dd>pytest &#39;scenarios/a.toml::train[x]&#39;</dd>" in text
