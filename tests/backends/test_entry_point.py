"""A package adds a backend by its entry point alone, as docs/backends.md shows."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from harness.backends import BackendError, available, get
from harness.backends.base import BACKENDS
from harness.backends.source import source_of
from harness.history import Stop
from harness.scenario import Case, load

PAGE = Path(__file__).parents[2] / "docs" / "backends.md"


def block(language: str) -> str:
    """Return the page's only code block in ``language``."""
    [code] = re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    return str(code)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Install the page's package into an empty folder on the path."""
    site = tmp_path / "site"
    metadata = site / "majority-1.0.dist-info"
    metadata.mkdir(parents=True)
    (site / "majority.py").write_text(block("python"))
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: majority\nVersion: 1.0\n")
    group, target = re.findall(r'entry-points\."(.+)"\]\n(.+)\n', block("toml"))[0]
    (metadata / "entry_points.txt").write_text(f"[{group}]\n{target.replace(chr(34), '')}\n")
    monkeypatch.syspath_prepend(site)
    monkeypatch.delitem(sys.modules, "majority", raising=False)
    return site


@pytest.fixture
def make_case(tmp_path: Path) -> Callable[[str], Case]:
    def make(line: str = "") -> Case:
        path = tmp_path / "case.toml"
        path.write_text(
            'question = "?"\n[data]\ntask = "first_value"\npositive_rate = 0.25\n'
            '[training]\nepochs = 2\n[converged]\nat_least = 0.9\non = "train"\n'
            f'[[case]]\nname = "a"\nexpect = "fails"\n{line}\n'
        )
        return load(path, "case").cases[0]

    return make


def test_the_documented_backend_is_found_and_trains(
    installed: Path, make_case: Callable[[str], Case]
) -> None:
    case = make_case("")
    assert "majority" in available()
    backend = get("majority")
    assert backend.unavailable("cpu") is None
    assert backend.unsupported(case) is None
    first, second = backend.train(case, [0, 1], "cpu", lambda seed, epoch: None)
    assert (first.seed, second.seed) == (0, 1)
    assert first.stopped is Stop.BUDGET
    assert first.train_metric.tolist() == [0.75, 0.75, 0.75]


def test_what_has_no_validation_records_is_scored_all_the_same(
    installed: Path, make_case: Callable[[str], Case]
) -> None:
    case = make_case("data.validation_records = 0")
    [history] = get("majority").train(case, [0], "cpu", lambda seed, epoch: None)
    assert history.train_metric.tolist() == [0.75, 0.75, 0.75]
    assert np.isnan(history.validation_metric).all()


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("no_such_module:It", "cannot be loaded: ModuleNotFoundError"),
        ("majority:missing", "cannot be loaded: AttributeError"),
        ("harness.backends:Backend", "cannot be loaded: TypeError"),
        ("majority:build", "cannot be loaded: TypeError"),
        ("builtins:dict", "makes an object of type dict, not Backend"),
    ],
)
def test_a_backend_that_cannot_be_made_is_named_with_what_it_raised(
    installed: Path, target: str, message: str
) -> None:
    entry = installed / "majority-1.0.dist-info" / "entry_points.txt"
    entry.write_text(f"[{BACKENDS.group}]\nbad = {target}\n")
    with pytest.raises(BackendError, match=rf"backend 'bad' \({target}\) {message}"):
        get("bad")


def test_a_backend_s_identity_changes_with_its_package_s_version_and_its_source(
    installed: Path,
) -> None:
    make = type(get("majority"))
    identities = [make().identity]
    metadata, module = installed / "majority-1.0.dist-info/METADATA", installed / "majority.py"
    metadata.write_text(metadata.read_text().replace("Version: 1.0", "Version: 1.1"))
    identities.append(make().identity)
    module.write_text(f"{module.read_text()}# edited\n")
    source_of.cache_clear()
    identities.append(make().identity)
    assert [identity.rpartition(" ")[0] for identity in identities] == [
        "majority majority 1.0",
        "majority majority 1.1",
        "majority majority 1.1",
    ]
    assert len(set(identities)) == 3


def test_the_project_s_own_backends_stay(installed: Path) -> None:
    assert {"compiled", "eager", "ensemble", "keras", "majority"} <= set(available())


@pytest.mark.parametrize("name", ["compiled", "eager", "ensemble", "keras"])
def test_each_backend_knows_its_name(name: str) -> None:
    assert get(name).name == name
