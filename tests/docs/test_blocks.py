"""Every code block of the README and docs is what it says; a page's blocks run as one project."""

import re
import shlex
import sys
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from harness.scenario import load
from harness.scenario.schema import schema
from tests.docs.blocks import DOCUMENTS, ROOT, Block, blocks_of, indented_code
from tests.docs.commands import problem

BLOCKS = [block for path in DOCUMENTS for block in blocks_of(path)]
SHELL = ("sh", "console")
LANGUAGES = (*SHELL, "python", "toml", "yaml", "diff", "text")

RUN_ELSEWHERE = {
    "docs/backends.md": "tests/backends/test_entry_point.py",
    "docs/ci.md": "tests/pytest_plugin/test_ci_guide.py",
    "docs/curves.md": "tests/curves/test_docs.py",
    "docs/executors.md": "tests/execution/test_executors.py",
}
"""Pages that need more than their own blocks, and the test that runs them."""

QUICK = {"docs/own_training.md"}
"""Pages whose projects take a second; the others train."""


def of(*languages: str) -> list[Block]:
    return [block for block in BLOCKS if block.language in languages]


def files_of(page: str) -> set[str]:
    """Return the files that a page shows."""
    return {block.name for block in BLOCKS if block.page == page and block.name}


def run_of(page: str) -> list[Block]:
    """Return what of a page is run, and what that prints, in order."""
    shown = [each for each in BLOCKS if each.page == page and not each.reason]
    kept = (*SHELL, "python", "diff", "text")
    return [each for each in shown if each.name or each.language in kept]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_block_names_its_language(path: Path) -> None:
    assert indented_code(path) == []
    assert [str(each) for each in blocks_of(path) if each.language not in LANGUAGES] == []


@pytest.mark.parametrize("block", of(*SHELL), ids=str)
def test_every_command_exists_with_its_options(block: Block) -> None:
    told = [problem(line, files_of(block.page)) for line in block.commands]
    assert [each for each in told if each] == []


@pytest.mark.parametrize("block", of("python"), ids=str)
def test_python_is_python(block: Block) -> None:
    compile(block.text, str(block), "exec", dont_inherit=True)


@pytest.mark.parametrize("block", of("toml"), ids=str)
def test_toml_is_a_scenario_or_a_part_of_one(block: Block, tmp_path: Path) -> None:
    parsed = tomllib.loads(block.text)
    if "project" in parsed or "tool" in parsed:
        return  # a pyproject.toml
    jsonschema.validate(
        parsed, {key: value for key, value in schema().items() if key != "required"}
    )
    if "question" in parsed and not {"file", "series"} & parsed.get("data", {}).keys():
        path = tmp_path / "shown.toml"
        path.write_text(block.text, encoding="utf-8")
        assert load(path, "shown").claims


def test_every_page_that_is_run_elsewhere_is_named_there() -> None:
    for page, test in RUN_ELSEWHERE.items():
        assert Path(page).name in (ROOT / test).read_text(encoding="utf-8")


def pages() -> list[Any]:
    """Return the pages with something to run, those that train marked slow."""
    found = {each.page for each in BLOCKS if each.language != "text" and each in run_of(each.page)}
    return [
        pytest.param(page, marks=() if page in QUICK else pytest.mark.slow)
        for page in sorted(found - RUN_ELSEWHERE.keys())
    ]


@pytest.mark.parametrize("page", pages())
def test_a_page_runs_from_top_to_bottom(
    page: str, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:cacheprovider --convergence-workers=1")
    printed: list[str] | None = None
    blocks = run_of(page)
    for block in blocks:
        if block.language == "text":
            if printed is not None:
                shows(printed, block)
        elif block.language == "diff":
            edit(block, pytester.path)
        elif block.language in SHELL:
            printed = [line for each in block.commands for line in run(each, pytester)]
        elif block.name:
            path = pytester.path / block.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        else:
            exec(compile(block.text, str(block), "exec"), {})  # noqa: S102 - it is ours
    if printed is None and any(block.name for block in blocks):
        run("pytest", pytester)


def edit(block: Block, folder: Path) -> None:
    """Put the lines that a block adds into the place of those that it takes away."""
    first, *lines = block.text.splitlines(keepends=True)
    path = folder / first.removeprefix("--- ").strip()
    before, after = ("".join(x[1:] for x in lines if x[0] == sign) for sign in "-+")
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{block}: {before!r} does not stand once in {path.name}"
    path.write_text(text.replace(before, after), encoding="utf-8")


def run(command: str, pytester: pytest.Pytester) -> list[str]:
    """Run a command as its page shows it, check how it ends, and return what it prints.

    It ends with 0 unless a comment behind it says ``# exit code 1``.
    """
    program, *given = shlex.split(command, comments=True)
    told = re.search(r"# exit code (\d)", command)
    if program == "pytest":
        result = pytester.runpytest_subprocess(*given)
    else:
        module = ["-m", "harness"] if program == "harness" else []
        assert program in ("harness", "python"), f"{command}: say why it is not run"
        result = pytester.run(sys.executable, *module, *given)
    assert result.ret == (int(told[1]) if told else 0), command
    return result.outlines


def shows(printed: list[str], block: Block) -> None:
    """Check that what was printed last holds a block's lines in their order; "..." is anything."""
    expected = [re.escape(line).replace(r"\.\.\.", ".*") for line in block.text.splitlines()]
    pytest.LineMatcher(printed).re_match_lines(expected)
