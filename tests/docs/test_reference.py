"""The reference says what the code does."""

import pytest

from tests.docs.reference import FOLDER, pages

PAGES = pages()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_the_code_does(name: str) -> None:
    found = (FOLDER / name).read_text(encoding="utf-8")
    assert found == PAGES[name], "python -m tests.docs.reference"


def test_there_is_no_page_besides() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(PAGES)


def test_every_argument_of_every_command_is_explained() -> None:
    assert "` |  |" not in PAGES["commands.md"]


def test_every_field_of_the_results_is_explained() -> None:
    rows = [line for line in PAGES["results.md"].splitlines() if line.startswith("| `")]
    assert [row for row in rows if row.endswith("|  |")] == []
