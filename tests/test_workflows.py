"""Workflows, the action and the cookbook's: valid for who reads them, and every command is one."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.cli.main import COMMANDS
from harness.pytest_plugin.options import OPTIONS
from tests.docs.blocks import ROOT, blocks_of
from tests.docs.commands import problem

ruamel = pytest.importorskip("ruamel.yaml", reason="of extra dev")

GUIDE = ROOT / "docs" / "ci.md"
COOKBOOK = {str(block.name): block.text for block in blocks_of(GUIDE) if block.language == "yaml"}
OURS = [ROOT / "action.yml", *sorted((ROOT / ".github" / "workflows").glob("*.yml"))]
TEXTS = {
    **{path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in OURS},
    **{f"docs/ci.md {name}": text for name, text in COOKBOOK.items()},
}
SCHEMAS = {"action.yml": "github-actions", ".gitlab-ci.yml": "gitlab-ci"}


def parsed(name: str) -> Any:
    return ruamel.YAML(typ="safe").load(TEXTS[name])


def scripts(node: Any) -> Iterator[str]:
    """Yield what a shell runs: GitHub's ``run``, and the lists of GitLab."""
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in items:
        if key == "run" and isinstance(value, str):
            yield value
        elif key in ("script", "before_script", "after_script"):
            yield from value
        elif isinstance(value, dict | list):
            yield from scripts(value)


def commands(script: str) -> Iterator[str]:
    """Yield the commands of ours, a line each, with expressions and variables filled in."""
    joined = script.replace("\\\n", " ")
    plain = re.sub(r"\$\{\{[^}]*\}\}", "1", joined)
    for line in plain.splitlines():
        if re.match(r" *(pytest|harness) ", line):
            shown = re.sub(r'"\$\{\w+\[@\]\}"|"\$\{[^}]*\}"', "x", line)
            shown = shown.replace("$CI_NODE_INDEX/$CI_NODE_TOTAL", "1/4").replace(
                '"$BASELINE"', "off"
            )
            yield shown.strip()


def test_the_cookbook_names_each_of_its_files() -> None:
    assert len(COOKBOOK) == 5
    assert ".gitlab-ci.yml" in COOKBOOK


@pytest.mark.parametrize("kind", ["github-actions", "github-workflows", "gitlab-ci"])
def test_each_is_what_its_schema_says(kind: str, tmp_path: Path) -> None:
    pytest.importorskip("check_jsonschema", reason="of extra workflows")
    names = [n for n in TEXTS if SCHEMAS.get(n.rpartition(" ")[2], "github-workflows") == kind]
    paths = [tmp_path / f"{number}.yml" for number, _ in enumerate(names)]
    for path, name in zip(paths, names, strict=True):
        path.write_text(TEXTS[name], encoding="utf-8")
    checker = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{kind}"]
    ran = subprocess.run([*checker, *paths], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, f"{names}: {ran.stdout}"


@pytest.mark.parametrize("name", TEXTS)
def test_each_script_is_one_of_a_shell_with_options_that_there_are(name: str) -> None:
    flags, found = {option.flag for option in OPTIONS}, list(scripts(parsed(name)))
    assert found or "uses: OWNER/convergence-harness" in TEXTS[name]
    for script in found:
        subprocess.run(["bash", "-n"], input=script, text=True, check=True)
        assert set(re.findall(r"--convergence-[a-z-]+", script)) <= flags, script
        called = set(re.findall(r"^ *harness (\w+)", script, re.MULTILINE))
        assert called <= set(COMMANDS), script
        told = [problem(line, {"tests/"}) for line in commands(script)]
        assert [each for each in told if each and "--junitxml" not in each] == [], script


@pytest.mark.parametrize("name", TEXTS)
def test_no_expression_stands_in_a_script(name: str) -> None:
    """What a stranger wrote, such as a branch's name, would be run: it goes through ``env``."""
    for script in scripts(parsed(name)):
        assert set(re.findall(r"\$\{\{ *([\w.]+)", script)) <= {"matrix.env"}, script


def test_each_input_of_the_action_is_used_and_each_that_is_used_is_declared() -> None:
    used = set(re.findall(r"inputs\.([\w-]+)", TEXTS["action.yml"]))
    assert used == set(parsed("action.yml")["inputs"])
    for name in COOKBOOK:
        for step in steps(parsed(f"docs/ci.md {name}")):
            if step.get("uses", "").startswith("OWNER/"):
                assert set(step["with"]) <= used


def steps(workflow: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for job in workflow.get("jobs", {}).values():
        yield from job["steps"]


def step_of_the_action(name: str) -> str:
    (found,) = (s["run"] for s in parsed("action.yml")["runs"]["steps"] if s.get("name") == name)
    return str(found)


class Shell:
    """Runs a script of the action with programs that only write down how they are called."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, folder / "called"
        self.environment = {"PATH": f"{folder}:{os.environ['PATH']}", "RUNNER_TEMP": str(folder)}
        self.environment |= {"GITHUB_OUTPUT": str(folder / "output")}

    def program(self, name: str, body: str = "") -> None:
        path = self.folder / name
        path.write_text(f'#!/bin/bash\necho "{name} $*" >> {self.log}\n{body}\n', encoding="utf-8")
        path.chmod(0o755)

    def __call__(self, script: str, **environment: str) -> list[str]:
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
        subprocess.run(
            command, check=True, cwd=self.folder, env={**self.environment, **environment}
        )
        return self.log.read_text(encoding="utf-8").splitlines()


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


INPUTS = {
    "PATHS": "tests models/tests",
    "BASE": "",
    "BASELINE": "require",
    "BACKEND": "eager ensemble",
    "SEEDS": "",
    "SHARD": "2/4",
    "SHARD_BY": "",
    "REPORT_DIR": "reports/latest",
    "RESUME": "true",
}


def test_the_action_hands_its_inputs_to_pytest(shell: Shell) -> None:
    shell.program("pytest")
    (called,) = shell(step_of_the_action("Train"), **INPUTS)
    assert shlex.split(called) == [
        *("pytest", "tests", "models/tests"),
        *("--convergence-backend=eager", "--convergence-backend=ensemble"),
        *("--convergence-shard=2/4", "--convergence-resume", "--convergence-baseline=require"),
        "--convergence-report-dir=reports/latest",
    ]
    assert "artifact=convergence-2-of-4" in (shell.folder / "output").read_text(encoding="utf-8")


def test_the_action_compares_two_revisions(shell: Shell) -> None:
    shell.program("harness")
    (called,) = shell(step_of_the_action("Train"), **INPUTS | {"BASE": "origin/main", "SHARD": ""})
    assert called.startswith(
        "harness ci origin/main --report-dir reports/latest "
        "--markdown reports/latest/convergence.md -- tests models/tests --convergence-backend=eager"
    )


@pytest.mark.parametrize("known", ["", "41"])
def test_the_comment_is_made_once_and_then_kept_up_to_date(shell: Shell, known: str) -> None:
    shell.program("gh", f'[ "$2" != --paginate ] || echo "{known}"')
    (shell.folder / "report.md").write_text("# Convergence report\n", encoding="utf-8")
    _, called = shell(
        step_of_the_action("Comment"),
        NUMBER="7",
        COMMENT="report.md",
        REPOSITORY="me/mine",
        MARKER="<!-- convergence-harness -->",
    )
    body = shell.folder / "convergence-comment.md"
    to = (
        "--method PATCH repos/me/mine/issues/comments/41"
        if known
        else "repos/me/mine/issues/7/comments"
    )
    assert called == f"gh api --silent {to} -F body=@{body}"
    assert body.read_text(encoding="utf-8").startswith("<!-- convergence-harness -->\n# Conv")


@pytest.mark.parametrize("report", [None, ""])
def test_without_a_report_the_comment_stays_as_it_is(shell: Shell, report: str | None) -> None:
    shell.program("gh")
    shell.log.touch()
    if report is not None:
        (shell.folder / "report.md").write_text(report, encoding="utf-8")
    known = {"NUMBER": "7", "REPOSITORY": "me/mine", "MARKER": "<!-- convergence-harness -->"}
    assert shell(step_of_the_action("Comment"), COMMENT="report.md", **known) == []


ZIZMOR = """
rules:
  unpinned-uses: {config: {policies: {"*": ref-pin}}}  # tags are what readers can compare
  dangerous-triggers: {ignore: [accept.yml]}  # only who may write is heard, and no job that may
  artipacked: {ignore: [accept.yml]}  # write runs code of the branch; one of them has to push
"""


@pytest.mark.slow
def test_workflows_are_safe(tmp_path: Path) -> None:
    zizmor = shutil.which("zizmor") or shutil.which("zizmor", path=Path(sys.executable).parent)
    if zizmor is None:
        pytest.skip("zizmor is not installed: it is of extra workflows")
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    for name, text in TEXTS.items():
        if "gitlab" not in name:
            target = tmp_path / "action.yml" if name == "action.yml" else folder / Path(name).name
            target.write_text(text, encoding="utf-8")
    (tmp_path / "zizmor.yml").write_text(ZIZMOR, encoding="utf-8")
    checker = [zizmor, "--offline", "--config", "zizmor.yml"]
    ran = subprocess.run([*checker, "."], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout
