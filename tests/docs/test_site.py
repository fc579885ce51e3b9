"""The site is built without network and without a warning."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_the_site_is_built_and_searchable(tmp_path: Path) -> None:
    pytest.importorskip("material", reason="MkDocs Material, of the extra docs, is not installed")
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, timeout=300)
    index = (tmp_path / "search" / "search_index.json").read_text(encoding="utf-8")
    assert '"location":"reference/diagnoses/"' in index
    assert (tmp_path / "source/scenarios/hello_world.toml").is_file()
    first = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'<(?:script|link|img)\b[^>]*\b(?:src|href)="?https?:[^">]*', first) == []
