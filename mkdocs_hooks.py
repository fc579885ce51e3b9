"""Build the site from the files as they lie in the repository, links between them included.

The README is the first page, and three more files outside of docs/ are pages too. Whatever else
they link to is copied: the site needs no network.
"""

import posixpath
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).parent
PAGES = {
    "README.md": "index.md",
    "ARCHITECTURE.md": "architecture.md",
    "CHANGELOG.md": "changelog.md",
    "examples": "examples.md",
    "examples/README.md": "examples.md",
    "docs": "index.md",
}
"""Pages that lie outside of docs/, by where they lie; of a folder, the page about it."""

FENCED = re.compile(r"(^ *```.*?^ *```$)", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(\]\()(?!\w+:)([^)#\s]*)(#[^)\s]*)?(?=\))")


def on_files(files: "Files", config: "MkDocsConfig") -> "Files":
    """Add the pages, and what any page links to, that lie outside of docs/."""
    from mkdocs.structure.files import File  # noqa: PLC0415 - tests read links without MkDocs

    for source, page in PAGES.items():
        if source.endswith(".md"):
            text = (ROOT / source).read_text(encoding="utf-8")
            files.append(File.generated(config, page, content=text))
    for file in list(files.documentation_pages()):
        source = source_of(file.src_uri)
        for target, _ in links(file.content_string):
            found = found_at(source, target)
            if files.get_file_from_path(placed(found)) is None:
                copied = File.generated(config, placed(found), abs_src_path=str(ROOT / found))
                files.append(copied)
    return files


def on_page_markdown(markdown: str, page: "Page", **_: Any) -> str:
    """Let each link lead to where its target is in the site."""
    source = source_of(page.file.src_uri)
    folder = posixpath.dirname(page.file.src_uri)

    def moved(link: re.Match[str]) -> str:
        opening, target, anchor = link[1], link[2], link[3] or ""
        if not target:
            return link[0]
        return opening + posixpath.relpath(placed(found_at(source, target)), folder) + anchor

    return _outside_of_code(markdown, lambda text: LINK.sub(moved, text))


def links(markdown: str) -> list[tuple[str, str]]:
    """Return the relative links of a page: target, empty for the page itself, and anchor."""
    found: list[tuple[str, str]] = []

    def noted(text: str) -> str:
        found.extend((link[2], (link[3] or "").removeprefix("#")) for link in LINK.finditer(text))
        return text

    _outside_of_code(markdown, noted)
    return found


def found_at(source: str, target: str) -> str:
    """Return where in the repository a link of the file ``source`` leads."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), target))


def source_of(page: str) -> str:
    """Return where in the repository a page of the site lies."""
    outside = {page: source for source, page in PAGES.items() if source.endswith(".md")}
    return outside.get(page, f"docs/{page}")


def placed(source: str) -> str:
    """Return where in the site a file of the repository is; of a folder, the page about it."""
    while source not in PAGES and (ROOT / source).is_dir():
        source = posixpath.dirname(source)
    inside = source.removeprefix("docs/")
    return PAGES.get(source) or (inside if inside != source else f"source/{source}")


def _outside_of_code(markdown: str, change: Callable[[str], str]) -> str:
    parts = FENCED.split(markdown)
    return "".join(part if FENCED.fullmatch(part) else change(part) for part in parts)
