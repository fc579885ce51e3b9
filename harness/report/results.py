"""``results.json``: write it, read it back, join several."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from pydantic import TypeAdapter, ValidationError

from harness.report.finished import finished
from harness.results.outcome import Outcome
from harness.results.sweep_outcome import TrainabilityMap

SCHEMA = 2
OLDER = {1}
"""Schemas of earlier versions that are read too."""

FILE = "results.json"

Environment = dict[str, str | int]
Kind = TypeVar("Kind")


class ReportError(Exception):
    """Why a report cannot be read, in one sentence."""


def encode(
    environment: Mapping[str, str | int],
    outcomes: Sequence[Outcome],
    maps: Sequence[TrainabilityMap] = (),
) -> str:
    """Return a report as JSON, a case a line, so that two reports can be compared by lines."""
    cases = ",\n".join(json.dumps(outcome.to_dict(), allow_nan=False) for outcome in outcomes)
    head = json.dumps(dict(environment))
    drawn = ",\n".join(json.dumps(found.to_dict(), allow_nan=False) for found in maps)
    return (
        f'{{"schema": {SCHEMA},\n"environment": {head},\n'
        f'"cases": [\n{cases}\n],\n"maps": [\n{drawn}\n]}}\n'
    )


def read(path: Path) -> tuple[Environment, list[Outcome]]:
    """Read the cases of ``results.json``, or of the one in a directory, and those finished since.

    Raises:
        ReportError: if it is missing, damaged, of a later version or not one of ours.
    """
    record = _record(path)
    environment = _validated(Environment, record["environment"], path)
    later = finished(_file(path).parent, "cases")
    cases = (_rebuilt(Outcome.from_dict, each, path) for each in (record["cases"], later))
    return environment, [outcome for each in cases for outcome in each]


def read_maps(path: Path) -> list[TrainabilityMap]:
    """Read the maps of ``results.json``, or of the one in a directory; older ones have none.

    Raises:
        ReportError: as `read` does.
    """
    drawn = _record(path).get("maps", []), finished(_file(path).parent, "maps")
    maps = (_rebuilt(TrainabilityMap.from_dict, each, path) for each in drawn)
    return [found for each in maps for found in each]


def _record(path: Path) -> dict[str, Any]:
    path = _file(path)
    record = _load(path)
    if not isinstance(record, dict) or not {"schema", "environment", "cases"} <= set(record):
        raise ReportError(f"{path} is no convergence report: it lacks schema, environment or cases")
    if record["schema"] not in {SCHEMA, *OLDER}:
        raise ReportError(
            f"{path} has schema {record['schema']!r}, this version reads up to {SCHEMA}"
        )
    return record


def _validated(kind: type[Kind], value: Any, path: Path) -> Kind:
    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        raise _malformed(error, path) from None


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


def _load(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)
    except FileNotFoundError:
        raise ReportError(f"{path} does not exist") from None
    except OSError as error:
        raise ReportError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ReportError(f"{path} is not UTF-8") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise ReportError(f"{path} is damaged or cut off: {error.msg} at {place}") from None
    except (ValueError, RecursionError) as error:
        raise ReportError(f"{path} is not valid JSON: {error}") from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"it holds {constant}")


def merge(
    reports: Sequence[tuple[Mapping[str, str | int], Sequence[Outcome]]],
) -> tuple[Environment, list[Outcome]]:
    """Join reports, for instance of several backends, into one.

    A case that several hold on the same backend and device is taken from the last of them. What
    differs between their environments is listed in their order.
    """
    values: dict[str, dict[str | int, None]] = {}
    cases: dict[tuple[str, str, str], Outcome] = {}
    for environment, outcomes in reports:
        for name, value in environment.items():
            values.setdefault(name, {})[value] = None
        cases |= {(outcome.id, outcome.backend, outcome.device): outcome for outcome in outcomes}
    return {name: _joined(list(found)) for name, found in values.items()}, list(cases.values())


def merge_maps(reports: Sequence[Sequence[TrainabilityMap]]) -> list[TrainabilityMap]:
    """Join the maps of several reports; the last of the same map counts."""
    drawn = {(each.id, each.backend, each.device): each for maps in reports for each in maps}
    return list(drawn.values())


def _joined(values: list[str | int]) -> str | int:
    return values[0] if len(values) == 1 else "; ".join(map(str, values))
