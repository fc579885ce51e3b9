"""Baselines whose scenario or case is gone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from harness.baseline.errors import BaselineError
from harness.baseline.files import FOLDER, alone, load, write
from harness.scenario import Scenario


@dataclass(frozen=True)
class Orphan:
    """A baseline file without its scenario (``case`` is ``None``), or a case in it that is gone."""

    path: Path
    case: str | None

    def __str__(self) -> str:
        if self.case is None:
            return f"{self.path}: its scenario file is gone"
        return f"{self.path}: the case {self.case!r} is gone from its scenario"


def orphans(scenarios: Sequence[Scenario], root: Path) -> list[Orphan]:
    """Return the orphans under ``root``, in path order.

    A scenario file that exists but is not among ``scenarios`` (broken, or not selected) keeps its
    baseline: only what is known to be gone is named.
    """
    known = {scenario.path.resolve(): scenario for scenario in scenarios}
    found = []
    for path in sorted(root.rglob(f"{FOLDER}/*.json")):
        stem = path.name.removesuffix(".json").rpartition(".")[0]
        file = path.parent.resolve().parent / f"{stem}.toml"
        if file.with_suffix(".py").exists():  # of a test module, which tells its checks as they run
            continue
        try:
            baseline = load(path)
        except BaselineError:  # no baseline at all, or a damaged one, which its cases report
            continue
        if not file.exists():
            found.append(Orphan(path, None))
        elif file in known:
            names = {case.name for case in known[file].claims}
            found += [Orphan(path, name) for name in baseline.cases if name not in names]
    return found


def remove(gone: Sequence[Orphan]) -> None:
    """Delete orphans; a file that holds no case afterwards is deleted whole.

    Raises:
        BaselineError: if a file cannot be read or written.
    """
    for path in sorted({orphan.path for orphan in gone}):
        with alone(path):
            _remove(path, {orphan.case for orphan in gone if orphan.path == path})


def _remove(path: Path, names: set[str | None]) -> None:
    baseline = None if None in names else load(path)
    kept = {k: c for k, c in baseline.cases.items() if k not in names} if baseline else {}
    if baseline and kept:
        write(path, replace(baseline, cases=kept))
        return
    try:
        path.unlink()
    except OSError as error:
        raise BaselineError(f"{path}: cannot be deleted: {error.strerror}") from None
