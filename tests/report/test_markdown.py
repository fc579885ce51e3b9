import re
from collections.abc import Callable

import pytest

from harness.report import compose
from harness.report.markdown import MOST, markdown
from harness.report.markdown_text import code, escaped, paragraph
from harness.results.outcome import Outcome
from tests.report.conftest import EVIL, crash

Make = Callable[..., Outcome]
Cases = Callable[..., list[Outcome]]


def test_markdown_shows_special_characters_as_they_are() -> None:
    assert escaped("a|b<c>") == r"a\|b&lt;c&gt;"
    assert escaped("_it_ learning_rate") == r"\_it\_ learning_rate"


def test_no_text_breaks_a_markdown_table(make: Make, evil: Outcome) -> None:
    text = markdown(compose({"processor": EVIL}, [evil, make("fine")]))
    tables = [part for part in text.split("\n\n") if part.startswith("|")]
    assert len(tables) == 3
    for table in tables:
        bars = {len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}
        assert len(bars) == 1
    assert "<script>" not in text


def test_markdown_tells_counts_question_note_and_remedy(learning_rate: Cases) -> None:
    text = markdown(compose({"torch": "2.13", "cores": 2}, learning_rate(note="Takes long.")))
    assert "torch 2.13, cores 2\n\n## Remedies\n" in text
    assert "<details><summary>training/learning_rate: 3 pass</summary>\n\n" in text
    assert text.startswith("# Convergence report\n\n**3 cases: 3 pass**\n")
    assert "Converged: train accuracy &gt;= 0.995, held 2." in text
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


@pytest.mark.parametrize(
    "text", ["# big", "- item", "+ item", "1. item", "12) item", "123456789. item"]
)
def test_a_question_starts_no_heading_and_no_list(text: str) -> None:
    shown = paragraph(text)
    assert shown.replace("\\", "") == text
    assert re.match(r"\\[#+-]|\d+\\[.)]", shown)


def test_a_question_that_begins_with_spaces_is_no_block_of_code() -> None:
    assert paragraph("    print(1)") == "print(1)"


def test_a_name_is_code_unless_it_holds_markup() -> None:
    assert code("training/too_low on eager cpu") == "`training/too_low on eager cpu`"
    assert code("a|`b`") == r"a\|\`b\`"


def test_markdown_tells_findings_before_the_cases(make: Make) -> None:
    text = markdown(compose({}, [make("fine"), make(epochs=(None,) * 12)]))
    assert text.index("## Findings") < text.index("## training/learning_rate")


def test_markdown_links_to_nothing_beside_it(learning_rate: Cases) -> None:
    assert "](" not in markdown(compose({}, learning_rate()))


@pytest.mark.parametrize("scenarios", [1, 100, 3000])
def test_markdown_fits_a_comment_whatever_ran(scenarios: int, make: Make) -> None:
    ran = [make("fine", scenario=f"data/number_{n}") for n in range(scenarios)]
    ran += [make("bad", epochs=(None,) * 12, scenario=f"model/{n}") for n in range(scenarios // 2)]
    text = markdown(compose({}, ran))
    assert len(text) <= MOST
    assert text.count("<details>") == text.count("</details>")
    assert ("Shortened to fit a comment" in text) == (scenarios > 1)


def test_a_crash_with_an_endless_message_is_cut_and_the_others_stay(make: Make) -> None:
    ran = [make("endless", runs=(crash("x y " * 50_000),)), make("bad", epochs=(None,) * 12)]
    text = markdown(compose({}, ran))
    assert len(text) <= MOST
    assert "- `training/learning_rate/bad`: fail:" in text
    assert "- `training/learning_rate/endless`: error:" in text
