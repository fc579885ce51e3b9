"""``results.json``: write it, read it back, join several."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from pydantic import TypeAdapter, ValidationError

from harness.report import shards
from harness.report.encoder import Encoder
from harness.report.finished import NAME as LATER
from harness.report.finished import Kind as Kinds
from harness.report.finished import finished
from harness.results.checksum import checksum, checksum_of_text, respelt
from harness.results.outcome import Outcome
from harness.results.sweep_outcome import TrainabilityMap
from harness.scenario.regular_file import check_regular
from harness.verdict import Result

SCHEMA = 3
OLDER = (1, 2)
"""Schemas of earlier versions that are read too; they have no checksum."""

FILE = "results.json"

CHANGED = "was changed or damaged since it was written, its checksum differs"
ANEW = "restore it from a copy, or run the cases again"

_LOG = logging.getLogger(__name__)

Environment = dict[str, str | int]
Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Stated:
    """What a case says of itself although it follows from the rest; scripts read it."""

    outcome: Result = "error"


class ReportError(Exception):
    """Why a report cannot be read, in one sentence."""


def encode(
    environment: Mapping[str, str | int],
    outcomes: Sequence[Outcome],
    maps: Sequence[TrainabilityMap] = (),
    encoder: Encoder | None = None,
) -> str:
    """Return a report as JSON, a case a line, so that two reports can be compared by lines.

    Its checksum is taken of the same lines: encoding a record is what costs.
    """
    encoder = encoder or Encoder()
    cases, drawn = encoder.lines(outcomes), encoder.lines(maps)
    known = json.dumps(dict(environment), sort_keys=True, separators=(",", ":"))
    content = (  # in the order of `canonical`
        f'{{"cases":[{",".join(cases)}],"environment":{known},'
        f'"maps":[{",".join(drawn)}],"schema":{SCHEMA}}}'
    )
    head = {
        "schema": SCHEMA,
        "checksum": checksum_of_text(content),
        "environment": dict(environment),
    }
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    for kind, records in (("cases", cases), ("maps", drawn)):
        lines.append(f'"{kind}": [\n' + ",\n".join(records) + "\n]")
    return "{" + ",\n".join(lines) + "}\n"


def read(path: Path) -> tuple[Environment, list[Outcome]]:
    """Read the cases of ``results.json``, or of the one in a directory, and those finished since.

    A report of an older schema has no checksum: that it is believed all the same is logged, and
    goes to stderr unless a program says otherwise.

    Raises:
        ReportError: if it is missing, changed, damaged, of a later version or not one of ours.
    """
    record = _record(path)
    if "checksum" not in record:
        _LOG.warning("%s was written without a checksum: damage to it would not show", _file(path))
    environment = _validated(Environment, record["environment"], path)
    cases = (_rebuilt(_outcome, each, path) for each in _all(record, path, "cases"))
    return environment, [outcome for each in cases for outcome in each]


def read_maps(path: Path) -> list[TrainabilityMap]:
    """Read the maps of ``results.json``, or of the one in a directory; older ones have none.

    Raises:
        ReportError: as `read` does.
    """
    drawn = _all(_record(path), path, "maps")
    maps = (_rebuilt(TrainabilityMap.from_dict, each, path) for each in drawn)
    return [found for each in maps for found in each]


def _all(record: dict[str, Any], path: Path, kind: Kinds) -> tuple[Any, Any]:
    """Return the records of a kind in ``results.json``, and those that finished since."""
    folder = _file(path).parent
    try:
        return record.get(kind, []), finished(folder, kind)
    except OSError as error:
        raise ReportError(f"{folder / LATER} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise ReportError(f"{folder / LATER} {CHANGED} ({error}): {ANEW}") from None


def _record(path: Path) -> dict[str, Any]:
    path = _file(path)
    text = _text(path)
    record = _parsed(text, path)
    if not isinstance(record, dict) or not {"schema", "environment", "cases"} <= set(record):
        raise ReportError(f"{path} is no convergence report: it lacks schema, environment or cases")
    if record["schema"] not in (SCHEMA, *OLDER):
        raise ReportError(
            f"{path} has schema {record['schema']!r}, this version reads up to {SCHEMA}: "
            "upgrade the harness"
        )
    content = {key: value for key, value in record.items() if key != "checksum"}
    sealed = "checksum" in record or record["schema"] == SCHEMA
    if sealed and (record.get("checksum") != checksum(content) or respelt(text, record)):
        raise ReportError(f"{path} {CHANGED}: {ANEW}")
    return record


def _validated(kind: type[Kind], value: Any, path: Path) -> Kind:
    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        raise _malformed(error, path) from None


def _outcome(record: dict[str, Any]) -> Outcome:
    """Rebuild a case; the result that it states must be one, although it follows from its seeds."""
    TypeAdapter(Stated).validate_python(record)
    return Outcome.from_dict(record)


def _rebuilt(rebuild: Callable[[Any], Kind], records: Any, path: Path) -> list[Kind]:
    """Rebuild records one by one, so that the first that is none of ours is named."""
    found = []
    for number, record in enumerate(_validated(list[dict[str, Any]], records, path)):
        try:
            found.append(rebuild(record))
        except ValidationError as error:
            raise _malformed(error, path, number) from None
    return found


def _malformed(error: ValidationError, path: Path, *place: int) -> ReportError:
    first = error.errors()[0]
    where = ".".join(map(str, (*place, *first["loc"])))
    return ReportError(f"{_file(path)} is no convergence report: {where}: {first['msg']}")


def _file(path: Path) -> Path:
    return path / FILE if path.is_dir() else path


def _text(path: Path) -> str:
    try:
        check_regular(path)
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ReportError(f"{path} does not exist") from None
    except OSError as error:
        raise ReportError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ReportError(f"{path} is not UTF-8: {ANEW}") from None


def _parsed(text: str, path: Path) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise ReportError(f"{path} is damaged or cut off: {error.msg} at {place}: {ANEW}") from None
    except (ValueError, RecursionError) as error:
        raise ReportError(f"{path} is not valid JSON: {error}: {ANEW}") from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"it holds {constant}")


def merge(
    reports: Sequence[tuple[Mapping[str, str | int], Sequence[Outcome]]],
) -> tuple[Environment, list[Outcome]]:
    """Join reports, for instance of several backends or shards, into one.

    What differs between their environments is listed in their order.

    Raises:
        ReportError: if two of them say different things of a case on a backend and device, or they
            are shards of different divisions.
    """
    values: dict[str, dict[str | int, None]] = {}
    cases: dict[tuple[str, str, str], Outcome] = {}
    try:
        environments, told = shards.joined([environment for environment, _ in reports])
    except shards.ShardError as error:
        raise ReportError(str(error)) from None
    for environment, (_, outcomes) in zip(environments, reports, strict=True):
        for name, value in environment.items():
            values.setdefault(name, {})[value] = None
        for outcome in outcomes:
            key = outcome.id, outcome.backend, outcome.device
            if _result(cases.setdefault(key, outcome)) != _result(outcome):
                raise ReportError(
                    f"{key[0]} on {key[1]}-{key[2]} is in two of the reports, with different "
                    f"results: leave one of them out"
                )
    return {name: _joined(list(found)) for name, found in values.items()} | told, list(
        cases.values()
    )


def _result(outcome: Outcome) -> tuple[Any, ...]:
    """Return what has to be the same of one case in two reports; how long it took may differ."""
    runs = [replace(run, seconds=0.0) for run in outcome.runs]
    return outcome.fingerprint, outcome.outcome, outcome.sentence, runs


def merge_maps(reports: Sequence[Sequence[TrainabilityMap]]) -> list[TrainabilityMap]:
    """Join the maps of several reports; the last of the same map counts."""
    drawn = {(each.id, each.backend, each.device): each for maps in reports for each in maps}
    return list(drawn.values())


def _joined(values: list[str | int]) -> str | int:
    return values[0] if len(values) == 1 else "; ".join(map(str, values))
