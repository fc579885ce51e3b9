"""The guide to one's own loop: every block in it runs as it stands there."""

import re
from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[1] / "docs" / "own_loop.md"


def test_the_guides_blocks_run_together_as_one_project(pytester: pytest.Pytester) -> None:
    blocks = re.findall(r"```\w+\n# (\S+)\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == GUIDE.read_text(encoding="utf-8").count("\n```") / 2
    for name, text in blocks:
        path = pytester.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    result = pytester.runpytest_inprocess("--convergence-workers=1", "-p", "no:cacheprovider", ".")
    result.assert_outcomes(passed=5)
