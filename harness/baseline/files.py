"""Baseline files: one for each scenario, backend and device; a line a seed, so diffs are read."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from glob import escape
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from harness.baseline.errors import BaselineError
from harness.baseline.record import Baseline, BaselineCase
from harness.results.checksum import checksum
from harness.results.files import replace_file, sweep, try_writing
from harness.results.lock import LockedError, locked
from harness.scenario.regular_file import check_regular

FOLDER = "__baselines__"
SCHEMA = 1
PATIENCE = 60
"""Seconds to wait for another run that writes the same file; that takes milliseconds."""

_ANEW = (
    "restore it from version control, or delete it and accept anew with "
    "--convergence-baseline update"
)
_BASELINE = TypeAdapter(Baseline)


def path_of(scenario_path: Path, backend: str, device: str) -> Path:
    """Return where the baseline of a scenario file lies: ``__baselines__/NAME.eager-cpu.json``."""
    return scenario_path.parent / FOLDER / f"{scenario_path.stem}{_suffix(backend, device)}"


def _suffix(backend: str, device: str) -> str:
    return f".{backend}-{device.replace(':', '')}.json"


def load(path: Path) -> Baseline:
    """Read a baseline.

    Raises:
        BaselineError: if it is missing, unreadable, truncated, edited by hand, written by a later
            version, or recorded for another backend or device than its name says.
    """
    content = _content(path)
    schema = content.pop("schema", None)
    if isinstance(schema, int) and schema > SCHEMA:
        raise BaselineError(
            f"{path}: was written by a later version (schema {schema}, this one reads {SCHEMA}): "
            "upgrade the harness"
        )
    if schema != SCHEMA:
        raise BaselineError(f"{path}: is not a baseline of this harness: {_ANEW}")
    if content.pop("checksum", None) != checksum(content):
        raise BaselineError(f"{path}: was edited by hand or damaged, its checksum differs: {_ANEW}")
    try:
        baseline = _BASELINE.validate_python(content)
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"]))
        raise BaselineError(f"{path}: {where} is malformed: {_ANEW}") from None
    if not path.name.endswith(_suffix(baseline.backend, baseline.device)):
        raise BaselineError(
            f"{path}: was recorded with {baseline.backend} on {baseline.device}, which is not what "
            "its name says: give it back its name, or delete it"
        )
    return baseline


def _content(path: Path) -> dict[str, Any]:
    try:
        check_regular(path)
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BaselineError(
            f"{path}: no such baseline: accept one with --convergence-baseline update"
        ) from None
    except OSError as error:
        raise BaselineError(f"{path}: cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise BaselineError(f"{path}: is truncated or not JSON: {_ANEW}") from None
    if not isinstance(content, dict):
        raise BaselineError(f"{path}: is not a baseline of this harness: {_ANEW}")
    return content


def save(path: Path, baseline: Baseline) -> Baseline:
    """Write a baseline, keeping what it does not hold: cases, timings; return what was written.

    The file is replaced whole or not at all, and on the disk once this returns. Processes that
    save at the same time wait for each other, so that each adds its cases to those of the others.

    Raises:
        BaselineError: if the old file is damaged (it is left for a person to judge), if it is of
            another scenario, or if nothing can be written there.
    """
    with alone(path):
        return _merge(path, baseline)


def _merge(path: Path, baseline: Baseline) -> Baseline:
    if path.exists():
        old = load(path)
        if old.scenario != baseline.scenario:
            raise BaselineError(
                f"{path}: holds the baseline of {old.scenario}, not of {baseline.scenario}: "
                "delete it if that scenario was renamed"
            )
        timed = {name: _timed(case, old.cases.get(name)) for name, case in baseline.cases.items()}
        baseline = replace(baseline, cases=old.cases | timed)
    if not path.name.endswith(_suffix(baseline.backend, baseline.device)):
        raise BaselineError(f"{path}: its name is not for {baseline.backend} on {baseline.device}")
    write(path, baseline)
    return baseline


def _timed(case: BaselineCase, old: BaselineCase | None) -> BaselineCase:
    """Keep the accepted timing of a setting that was trained again, but not timed."""
    if case.timing or old is None or old.fingerprint != case.fingerprint:
        return case
    return replace(case, timing=old.timing)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep other processes from changing a baseline file between reading and writing it.

    Raises:
        BaselineError: if another one is at it for longer than `PATIENCE`, or if nothing can be
            written there.
    """
    real = path.resolve()
    try:
        real.parent.mkdir(parents=True, exist_ok=True)
        with locked(real.with_name(f".{real.name}.lock"), PATIENCE):
            sweep(real.parent, escape(real.name))
            yield
    except LockedError:
        raise BaselineError(
            f"{path}: another run has been writing it for {PATIENCE} s: run again once it is over"
        ) from None
    except OSError as error:
        raise _unwritable(path, error) from None


def write(path: Path, baseline: Baseline) -> None:
    """Replace the file at ``path`` atomically; its caller is `alone` with it.

    Raises:
        BaselineError: if nothing can be written there; the old file is untouched.
    """
    try:
        replace_file(path, render(baseline), flushed=True)
    except OSError as error:
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> BaselineError:
    return BaselineError(f"{path}: cannot be written ({error.strerror}): make its folder writable")


def unwritable(path: Path) -> str | None:
    """Say why no baseline can be written at ``path``, ``None`` if one can."""
    folder = path.parent
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        try_writing(folder)
    except OSError as error:
        return f"{path}: cannot be written ({error.strerror}): make its folder writable"
    return None


def render(baseline: Baseline) -> str:
    """Return the file's text: cases by name, one line a seed."""
    content = json.loads(json.dumps(asdict(baseline)))
    for case in content["cases"].values():
        if not case["bands"]:
            del case["bands"]
        case["seeds"] = [_without_empty_digest(seed) for seed in case["seeds"]]
    head = {"schema": SCHEMA, "checksum": checksum(content)}
    head |= {key: content[key] for key in ("scenario", "backend", "device")}
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
    cases = ",\n".join(_case_text(*each) for each in sorted(content["cases"].items()))
    return "\n".join(["{", *lines, '  "cases": {', cases, "  }", "}", ""])


def _without_empty_digest(seed: dict[str, Any]) -> dict[str, Any]:
    """Leave out what was not accepted, so that older files stay as they are."""
    return {key: value for key, value in seed.items() if key != "curves" or value}


def _case_text(name: str, case: dict[str, Any]) -> str:
    content = dict(case)
    seeds = ",\n".join(f"        {json.dumps(seed)}" for seed in content.pop("seeds"))
    parts = [f"      {json.dumps(key)}: {json.dumps(value)}," for key, value in content.items()]
    opened, closed = f"    {json.dumps(name)}: {{", "    }"
    return "\n".join([opened, *parts, '      "seeds": [', seeds, "      ]", closed])
