"""What is released: a wheel and an sdist, each installed where there is no checkout."""

import json
import os
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from harness import __version__
from harness.scenario.scenario_files import files_below
from tests.docs.blocks import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_version_is_said_once_by_all_and_is_a_semantic_one() -> None:
    assert PROJECT["version"] == __version__
    assert [part.isdecimal() for part in __version__.split(".")] == [True] * 3


def test_every_python_that_is_supported_is_tested() -> None:
    pythons = [f'"3.{minor}"' for minor in (11, 12, 13)]
    for workflow in ("ci.yml", "release.yml"):
        text = (ROOT / ".github" / "workflows" / workflow).read_text(encoding="utf-8")
        assert f"python: [{', '.join(pythons)}]" in text
    told = {f"Programming Language :: Python :: {each.strip(chr(34))}" for each in pythons}
    assert told <= set(PROJECT["classifiers"])


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Build both from what git knows, the wheel from the sdist as ``python -m build`` does."""
    pytest.importorskip("build", reason="of extra dev")
    source = tmp_path_factory.mktemp("source")
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True)
    copy = ["xargs", "-0", "cp", "--parents", "-t", str(source)]
    subprocess.run(copy, cwd=ROOT, input=files.stdout, check=True)
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "-o", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return {"wheel": wheel, "sdist": sdist}


@pytest.mark.slow
def test_both_hold_the_catalogue_with_its_data_and_accepted_baselines(
    built: dict[str, Path],
) -> None:
    shipped = {
        path.relative_to(ROOT / "scenarios").as_posix() for path in files_below(ROOT / "scenarios")
    }
    tracked = subprocess.run(
        ["git", "ls-files", "scenarios"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    beside = {name.removeprefix("scenarios/") for name in tracked}
    assert shipped <= beside
    with zipfile.ZipFile(built["wheel"]) as wheel:
        held = {name.removeprefix("harness/scenarios/") for name in wheel.namelist()}
    assert beside - held == set()
    with tarfile.open(built["sdist"]) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert set(tracked) - names == set()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_it_is_installed_and_trains_a_case_against_its_accepted_baseline(
    kind: str, built: dict[str, Path], tmp_path: Path
) -> None:
    """In an environment of its own; what it depends on is lent by this one, PyTorch is large."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    (packages,) = tmp_path.glob("venv/lib/*/site-packages")
    lent = [path for path in sys.path if Path(path).name == "site-packages"]
    (packages / "lent.pth").write_text("\n".join(lent), encoding="utf-8")
    bin_ = tmp_path / "venv" / "bin"
    python = str(bin_ / "python")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "-q"]
    options = ["--no-deps", "--no-build-isolation", "--ignore-installed", str(built[kind])]
    subprocess.run([*pip, *options], check=True)
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}

    def run(*command: str) -> str:
        ran = subprocess.run(
            command, cwd=tmp_path, env=clean, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    where = run(python, "-c", "import harness; print(harness.__file__)")
    assert Path(where.strip()).is_relative_to(packages)
    assert run(str(bin_ / "harness"), "--version") == f"harness {__version__}\n"
    assert run(python, "-m", "harness", "--version") == f"harness {__version__}\n"
    assert "training/learning_rate: " in run(str(bin_ / "harness"), "list")
    chosen = "hello_world.toml and train and adam_higher_rate"
    train = [python, "-m", "pytest", "--pyargs", "harness.scenarios", "-k", chosen]
    run(*train, "--convergence-baseline=require", "--convergence-workers=1")
    written = (tmp_path / "reports/latest/results.json").read_text(encoding="utf-8")
    (case,) = json.loads(written)["cases"]
    assert (case["outcome"], case["baseline"]["status"]) == ("pass", "same")
