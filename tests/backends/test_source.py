from pathlib import Path

import pytest

from harness.backends.source import package_source, source_of


def test_a_module_that_cannot_be_found_or_raises_has_no_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "raises").mkdir()
    (tmp_path / "raises" / "__init__.py").write_text("raise RuntimeError", encoding="utf-8")
    assert [source_of(name) for name in ("nowhere_at_all", "raises.model", "sys")] == ["", "", ""]


def test_the_source_of_a_package_is_that_of_all_its_modules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    inner = tmp_path / "nobodys_namespace" / "trains"
    inner.mkdir(parents=True)
    (inner / "__init__.py").write_text("", encoding="utf-8")
    sources = set()
    for text in ("a = 1", "a = 2"):
        (inner / "helper.py").write_text(text, encoding="utf-8")
        source_of.cache_clear()
        sources.add(package_source("nobodys_namespace.trains.backend"))
    assert len(sources) == 2
    assert "" not in sources
