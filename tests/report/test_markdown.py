import re
from collections.abc import Callable

import pytest

from harness.report import compose
from harness.report.charts import file_name
from harness.report.markdown import code, escaped, markdown, paragraph
from harness.results.outcome import Outcome
from tests.report.conftest import EVIL

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
    assert "torch 2.13, cores 2\n\n## training/learning_rate\n" in text
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


def test_markdown_links_each_case_to_its_curve(make: Make) -> None:
    outcome = make()
    assert f"[`adam_default`](curves/{file_name(outcome)})" in markdown(compose({}, [outcome]))


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


def test_a_picture_is_linked_by_a_quoted_address(make: Make) -> None:
    text = markdown(compose({}, [make("a b(c)")]))
    assert "(curves/training.learning_rate.a%20b%28c%29.eager.cpu.svg)" in text
