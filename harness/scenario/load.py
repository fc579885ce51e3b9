"""TOML text -> Scenario, or every reason why not, all at once."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from harness.scenario.case import SECTIONS, Case, Claim, Scenario
from harness.scenario.checks import check_case, check_names
from harness.scenario.data import TASKS, Data, FromFile, Part
from harness.scenario.names import nearest
from harness.scenario.parts import Converged, Model, Seeds, Training
from harness.scenario.problem import Problem, ScenarioError, field_lines, line_of

Table = dict[str, Any]

_PARTS: dict[str, type[Part]] = {
    "model": Model,
    "training": Training,
    "converged": Converged,
    "seeds": Seeds,
}
_TOP_KEYS = ["question", "source", "tags", "case", *SECTIONS]
_BEFORE_MUST = re.compile(r"^\w+ should")
_ALTERNATIVES = [{"task", "file"}, {"at_least", "at_most"}]


def is_scenario(path: Path) -> bool:
    """Whether ``path`` is a TOML file with a question and cases; broken files are not."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return False
    return "question" in table and isinstance(table.get("case"), list)


def load(path: Path, name: str) -> Scenario:
    """Read one scenario file; ``name`` is its name in results (``training/learning_rate``).

    Raises:
        ScenarioError: with every mistake in the file.
    """
    try:
        text = path.read_bytes().decode("utf-8")
        table = tomllib.loads(text)
    except OSError as error:
        raise ScenarioError([Problem(str(path), None, "", str(error.strerror))]) from None
    except UnicodeDecodeError as error:
        message = f"is not UTF-8: byte {error.start} is 0x{error.object[error.start]:02x}"
        raise ScenarioError([Problem(str(path), None, "", message)]) from None
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError([Problem(str(path), None, "", f"broken TOML: {error}")]) from None
    return _Loader(path, name, table, field_lines(text)).scenario()


@dataclass
class _Loader:
    """Collects problems while it builds; each is reported once, at the place that caused it."""

    path: Path
    name: str
    table: Table
    lines: dict[str, int]
    problems: dict[Problem, None] = field(default_factory=dict)

    def scenario(self) -> Scenario:
        self._check_top()
        tables = self._tables()
        cases = [self._case(index, table) for index, table in enumerate(tables)]
        for index, key, message in check_names([_names(table) for table in tables]):
            self._report(f"case[{index}].{key}", message)
        if self.problems:
            raise ScenarioError(sorted(self.problems, key=lambda p: (p.line or 0, p.field)))
        return Scenario(
            name=self.name,
            path=self.path,
            question=self.table["question"],
            source=self.table.get("source", ""),
            tags=tuple(self.table.get("tags", ())),
            cases=tuple(case for case in cases if case is not None),
        )

    def _report(self, where: str, message: str) -> None:
        self.problems[Problem(str(self.path), line_of(self.lines, where), where, message)] = None

    def _check_top(self) -> None:
        for key in self.table:
            if key not in _TOP_KEYS:
                self._report(key, f"unknown key{nearest(key, _TOP_KEYS)}")
        for key, kind, needed in (("question", str, True), ("source", str, False)):
            if needed and key not in self.table:
                self._report(key, "is missing")
            elif not isinstance(self.table.get(key, ""), kind):
                self._report(key, f"must be a text, got {self.table[key]!r}")
        tags = self.table.get("tags", [])
        if not isinstance(tags, list) or not all(
            isinstance(t, str) and t.isidentifier() for t in tags
        ):
            self._report("tags", f"must be a list of words usable with -m, got {tags!r}")
        for section in SECTIONS:
            if not isinstance(self.table.get(section, {}), dict):
                self._report(section, f"must be a table, got {self.table[section]!r}")

    def _tables(self) -> list[Table]:
        cases = self.table.get("case", [])
        if not isinstance(cases, list) or not all(isinstance(case, dict) for case in cases):
            self._report("case", "must be tables: begin each with [[case]]")
            return []
        if not cases:
            self._report("case", "is missing: a scenario has at least one [[case]] table")
        return cases

    def _case(self, index: int, table: Table) -> Case | None:
        where = f"case[{index}]"
        before = len(self.problems)
        own = {key: table[key] for key in SECTIONS if isinstance(table.get(key), dict)}
        for section in SECTIONS:
            if not isinstance(table.get(section, {}), dict):
                self._report(f"{where}.{section}", f"must be a table, got {table[section]!r}")
        claims = {key: value for key, value in table.items() if key not in SECTIONS}
        claim = self._part(Claim, claims, where, set(table))
        parts: dict[str, Any] = {
            name: self._section(name, own.get(name, {}), where) for name in SECTIONS
        }
        if claim is None or None in parts.values() or len(self.problems) > before:
            return None
        case = Case.model_construct(
            **dict(claim), scenario=self.name, directory=self.path.parent.resolve(), **parts
        )
        for key, message in check_case(case):
            section, _, last = key.rpartition(".")
            varied, shared = own.get(section, {}), self.table.get(section, {})
            inside = not section or last in varied or (varied and last not in shared)
            self._report(f"{where}.{key}" if inside else key, message)
        return case

    def _section(self, name: str, own: Table, where: str) -> Part | None:
        shared = self.table.get(name, {})
        shared = shared if isinstance(shared, dict) else {}
        merged = _merge(shared, own)
        model = _data_model(merged) if name == "data" else _PARTS[name]
        if model is None:
            task, place = merged.get("task"), f"{where}.data" if "task" in own else "data"
            if task is None:
                self._report(place, "is missing: name a task or a file")
            else:
                self._report(
                    f"{place}.task", f"unknown task {task!r}{nearest(str(task), [*TASKS])}"
                )
            return None
        part: Part | None = self._part(model, merged, name, set(own), f"{where}.{name}")
        return part

    def _part(
        self, model: type[Part], table: Table, where: str, own: set[str], own_where: str = ""
    ) -> Any:
        try:
            return model.model_validate(table)
        except ValidationError as invalid:
            for error in _causes(invalid):
                key = str(error["loc"][0]) if error["loc"] else ""
                place = (own_where or where) if key in own or (not key and own) else where
                path = ".".join([place, *(str(part) for part in error["loc"])])
                self._report(path, _sentence(error, model))
            return None


def _names(table: Table) -> tuple[str, str | None]:
    """Return a case's name and the case it cures; values of the wrong type count as absent."""
    remedies = table.get("remedies")
    return str(table.get("name")), remedies if isinstance(remedies, str) else None


def _causes(invalid: ValidationError) -> list[ErrorDetails]:
    """Return the errors, without the ones that say that a list of bad items is too short."""
    errors = invalid.errors(include_url=False)
    inner = {error["loc"][:-1] for error in errors}
    return [e for e in errors if e["type"] != "too_short" or e["loc"] not in inner]


def _merge(shared: Table, own: Table) -> Table:
    """Lay a case's keys over the shared ones; an alternative that it names replaces the other."""
    dropped = {key for pair in _ALTERNATIVES if pair & own.keys() for key in pair}
    if {"task", "file"} & own.keys():
        kept = _data_model(own)
        dropped |= {k for k in shared if kept and k not in kept.model_fields and _known(k)}
    return {key: value for key, value in shared.items() if key not in dropped} | own


def _known(key: str) -> bool:
    kinds: list[type[Data]] = [*TASKS.values(), FromFile]
    return any(key in kind.model_fields for kind in kinds)


def _data_model(table: Table) -> type[Data] | None:
    if "file" in table:
        return FromFile
    return TASKS.get(str(table.get("task")))


def _sentence(error: ErrorDetails, model: type[Part]) -> str:
    """Say what is wrong with a field and what would be right, in one line."""
    match error["type"]:
        case "extra_forbidden":
            valid = [*model.model_fields, *(SECTIONS if model is Claim else ())]
            return f"unknown key{nearest(str(error['loc'][-1]), valid)}"
        case "missing":
            return "is missing"
        case "literal_error":
            expected = error["ctx"]["expected"].replace(" or ", ", ").split(", ")
            valid = [name.strip("'") for name in expected]
            return f"unknown value {error['input']!r}{nearest(str(error['input']), valid)}"
        case "tuple_type":
            return f"must be a list, got {error['input']!r}"
        case "too_short":
            return f"must have at least {error['ctx']['min_length']} entry, got {error['input']!r}"
        case "value_error":
            return str(error["ctx"]["error"])
        case _:
            return f"{_BEFORE_MUST.sub('must', error['msg'])}, got {error['input']!r}"
