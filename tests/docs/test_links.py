"""Links between the documents lead somewhere, and every page can be found; no MkDocs is needed."""

import re
from pathlib import Path

import pytest

from mkdocs_hooks import FENCED, PAGES, found_at, links, source_of

ROOT = Path(__file__).parents[2]
SOURCES = [
    *(source for source in PAGES if source.endswith(".md")),
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")),
]


def anchors(path: Path) -> set[str]:
    """Return what a page's headings are called in addresses, as on GitHub and in MkDocs."""
    text = FENCED.sub("", path.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings
    }


@pytest.mark.parametrize("source", SOURCES)
def test_every_link_leads_to_a_file_and_a_heading_that_are_there(source: str) -> None:
    for target, anchor in links((ROOT / source).read_text(encoding="utf-8")):
        path = ROOT / (found_at(source, target) if target else source)
        assert path.exists(), target
        assert not anchor or anchor in anchors(path), f"{target}#{anchor}"


def test_every_page_has_its_place_in_the_navigation() -> None:
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")[2]
    named = re.findall(r"([\w/]+\.md)$", text, re.MULTILINE)
    assert sorted(map(source_of, named)) == sorted(SOURCES)
