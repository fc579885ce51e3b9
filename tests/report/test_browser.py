"""The page in a browser: it fits, filters, sorts and opens a case, and nothing is complained of."""

import shutil
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from harness.report import write
from harness.results.comparison import Comparison
from harness.results.outcome import Outcome
from harness.trend.page import page as history_page
from harness.trend.trend import trends
from tests.trend.canned import STEPPED, runs

Make = Callable[..., Outcome]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="there is no chromium or google-chrome"),
    pytest.mark.skipif(find_spec("playwright") is None, reason="playwright is not installed"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # see the marks

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def page(browser: Any, folder: Path, width: int) -> Any:
    """Open the report; whatever the browser complains of is an error."""
    opened = browser.new_page(viewport={"width": width, "height": 900})
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto((folder / "convergence.html").as_uri())
    assert complaints == []
    return opened


@pytest.fixture
def report(tmp_path: Path, make: Make) -> Path:
    changed = Comparison("changed", "other losses", refused=True)
    cases = [
        make("slow", epochs=(25,) * 12),
        make("fast", epochs=(9,) * 12, tags=("nightly",)),
        make("never", epochs=(None,) * 12),
        make("changed", comparison=changed),
    ]
    write(tmp_path, {"torch": "2"}, cases)
    return tmp_path


def names(opened: Any) -> list[str]:
    rows = opened.locator("#cases tbody tr:visible th").all_text_contents()
    return [name.rpartition("/")[2] for name in rows]


@pytest.mark.parametrize("width", [390, 800, 1280])
def test_it_fits_filters_sorts_and_opens_a_case(browser: Any, report: Path, width: int) -> None:
    opened = page(browser, report, width)
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    assert names(opened) == ["slow", "fast", "never", "changed"]
    opened.get_by_label("did not pass").check()
    assert names(opened) == ["never", "changed"]
    opened.get_by_label("did not pass").uncheck()
    opened.get_by_label("changed").check()
    assert names(opened) == ["changed"]
    opened.get_by_label("changed").uncheck()
    opened.get_by_role("searchbox").fill("nightly")
    assert names(opened) == ["fast"]
    assert opened.locator("#shown").text_content() == "1 of 4 cases"
    opened.get_by_role("searchbox").fill("")
    opened.get_by_role("button", name="epochs").click()
    assert names(opened) == ["fast", "changed", "slow", "never"]
    opened.get_by_role("link", name="training/learning_rate/fast").click()
    case = opened.locator("article:target")
    assert case.locator("h3").text_content().split() == ["pass", "fast"]
    assert case.locator("dl").is_visible(), "its numbers are shown"
    row, told = case.locator("dl div").first, case.locator("dl dd").first
    assert told.evaluate("e => e.clientWidth") > row.evaluate("e => e.clientWidth") / 2, "readable"
    opened.close()


def test_the_table_needs_no_scrolling_on_a_screen_of_1280_pixels(
    browser: Any, report: Path
) -> None:
    opened = page(browser, report, 1280)
    room, needed = opened.locator("div.table").first.evaluate("e => [e.clientWidth, e.scrollWidth]")
    assert needed <= room
    opened.close()


def test_ten_thousand_cases_open_within_three_seconds(
    browser: Any, tmp_path: Path, make: Make
) -> None:
    case = make()
    cases = [make(f"case_{n}", scenario=f"many/{n // 10}", runs=case.runs) for n in range(10_000)]
    write(tmp_path, {}, cases)
    opened = browser.new_page()
    session = opened.context.new_cdp_session(opened)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    opened.goto((tmp_path / "convergence.html").as_uri())
    assert opened.locator("#shown").text_content() == "10000 of 10000 cases, the first 1000 shown"
    metrics = session.send("Performance.getMetrics")["metrics"]
    seconds = {each["name"]: each["value"] for each in metrics}["TaskDuration"]
    assert seconds < 3, "of the page's thread: a busy machine does not count"
    opened.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_history_fits_and_a_step_leads_to_its_case(
    browser: Any, tmp_path: Path, width: int
) -> None:
    records = runs(STEPPED, "sequences/half_frequency/a_case_with_quite_a_long_name")
    text = history_page(records, trends(records))
    (tmp_path / "convergence.html").write_text(text, encoding="utf-8")
    opened = page(browser, tmp_path, width)
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    opened.get_by_role("link", name="quite_a_long_name").click()
    article = opened.locator("article:target")
    assert article.locator("svg").count() == 3
    assert article.locator("p").text_content().startswith("epochs 18 -> 24 (+33.3 %) at ")
