"""TOML text -> Scenario, or every reason why not, all at once."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from harness.scenario.case import SECTIONS, Case, Claim, Scenario, Sweep, SweepAxis
from harness.scenario.checks import check_case, check_names, check_sweep_names
from harness.scenario.merge import Table, merge, model_of
from harness.scenario.problem import Problem, ScenarioError, field_lines, line_of
from harness.scenario.section import Section
from harness.scenario.sweep import (
    MOST_AXES,
    Range,
    SweepHead,
    ends,
    kind_of,
    laid_over,
    points,
    split,
)
from harness.scenario.validation_messages import causes, message_of
from harness.scenario.vocabulary import nearest
from harness.scenario.vocabulary.tasks import TASKS

_PYTEST_MARKS = {
    *("skip", "skipif", "xfail", "parametrize", "usefixtures", "filterwarnings"),
    *("benchmark", "convergence", "convergence_time"),
}
_TOP_KEYS = ["question", "source", "tags", "case", "sweep", *SECTIONS]


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
    except (tomllib.TOMLDecodeError, RecursionError) as error:
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
    misnamed: set[str] = field(default_factory=set)

    def scenario(self) -> Scenario:
        self._check_top()
        tables = self._tables()
        cases = [self._case(f"case[{n}]", table) for n, table in enumerate(tables)]
        for index, key, message in check_names([_names(table) for table in tables]):
            self._report(f"case[{index}].{key}", message)
        sweep_tables = self._sweep_tables()
        sweeps = [self._sweep(f"sweep[{n}]", table) for n, table in enumerate(sweep_tables)]
        names = [str(table.get("name")) for table in tables]
        for index, message in check_sweep_names(names, [t.get("name") for t in sweep_tables]):
            self._report(f"sweep[{index}].name", message)
        if self.problems:
            raise ScenarioError(sorted(self.problems, key=lambda p: (p.line or 0, p.field)))
        return Scenario(
            name=self.name,
            path=self.path,
            question=self.table["question"],
            source=self.table.get("source", ""),
            tags=tuple(self.table.get("tags", ())),
            cases=tuple(case for case in cases if case is not None),
            sweeps=tuple(sweep for sweep in sweeps if sweep is not None),
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
        elif taken := _PYTEST_MARKS & set(tags):
            self._report("tags", f"{', '.join(sorted(taken))} means something to pytest itself")
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

    def _sweep_tables(self) -> list[Table]:
        sweeps = self.table.get("sweep", [])
        if not isinstance(sweeps, list) or not all(isinstance(sweep, dict) for sweep in sweeps):
            self._report("sweep", "must be tables: begin each with [[sweep]]")
            return []
        return sweeps

    def _case(self, where: str, table: Table) -> Case | None:
        claims = {key: value for key, value in table.items() if key not in SECTIONS}
        claim = self._part(Claim, claims, where, set(table))
        return self._resolved(where, claim, {k: table[k] for k in SECTIONS if k in table})

    def _resolved(self, where: str, claim: Claim | None, table: Table) -> Case | None:
        """Lay a case's own sections over the shared ones and check what they say together."""
        self.misnamed.clear()
        own = {key: value for key, value in table.items() if isinstance(value, dict)}
        for section in table.keys() - own.keys():
            self._report(f"{where}.{section}", f"must be a table, got {table[section]!r}")
        parts: dict[str, Any] = {
            name: self._section(name, own.get(name, {}), where) for name in SECTIONS
        }
        if claim is None or None in parts.values():
            return None
        case = Case.model_construct(
            **dict(claim), scenario=self.name, directory=self.path.parent.resolve(), **parts
        )
        for key, message in check_case(case):
            section, _, last = key.rpartition(".")
            if section in self.misnamed:  # a mistyped name may be what the check misses
                continue
            varied, shared = own.get(section, {}), self.table.get(section, {})
            inside = not section or last in varied or (varied and last not in shared)
            self._report(f"{where}.{key}" if inside else key, message)
        return case

    def _sweep(self, where: str, table: Table) -> Sweep | None:
        before = len(self.problems)
        plain, ranges = split(table)
        rest = {key: value for key, value in table.items() if key not in plain}
        head = self._part(SweepHead, rest, where, set(table))
        if not 1 <= len(ranges) <= MOST_AXES:
            self._report(where, f"varies {len(ranges)} keys: give one or two of them a range")
        axes = [self._axis(where, key, ranges[key], plain) for key in ranges]
        if head is None or len(self.problems) > before:
            self._resolved(where, None, plain)
            return None
        known = tuple(axis for axis in axes if axis is not None)
        for end in ends(known):  # before all points, so that a bound is not broken at each
            self._resolved(where, None, laid_over(plain, end))
        if len(self.problems) > before:
            return None
        cases = [
            self._resolved(where, _point(f"{head.name}[{name}]"), laid_over(plain, point))
            for name, point in points(known)
        ]
        resolved = tuple(case for case in cases if case is not None)
        return Sweep(self.name, head.name, head.note, head.seeds, known, resolved)

    def _axis(self, where: str, key: str, table: Table, plain: Table) -> SweepAxis | None:
        """Read the range of one key, which has to be a number of its section."""
        section, _, last = key.partition(".")
        shared = self.table.get(section, {})
        own = plain[section] if isinstance(plain[section], dict) else {}
        model = model_of(section, merge(shared if isinstance(shared, dict) else {}, own))
        if model is None:
            return None
        if last not in model.model_fields:
            self._report(f"{where}.{key}", f"unknown key{nearest(last, [*model.model_fields])}")
            return None
        kind = kind_of(model.model_fields[last].annotation)
        if kind is None:
            self._report(f"{where}.{key}", "is no number; only numbers have a range")
            return None
        declared: Range | None = self._part(Range, table, f"{where}.{key}", set(table))
        if declared is None:
            return None
        if kind is int and not (declared.first.is_integer() and declared.last.is_integer()):
            self._report(f"{where}.{key}", "must begin and end with whole numbers")
            return None
        return SweepAxis(key, declared.values(kind), declared.spacing)

    def _section(self, name: str, own: Table, where: str) -> Section | None:
        shared = self.table.get(name, {})
        shared = shared if isinstance(shared, dict) else {}
        merged = merge(shared, own)
        model = model_of(name, merged)
        if model is None:
            task, place = merged.get("task"), f"{where}.data" if "task" in own else "data"
            if task is None:
                self._report(place, "is missing: name a task or a file")
            else:
                self._report(
                    f"{place}.task", f"unknown task {task!r}{nearest(str(task), [*TASKS])}"
                )
            return None
        part: Section | None = self._part(model, merged, name, set(own), f"{where}.{name}")
        return part

    def _part(
        self, model: type[Section], table: Table, where: str, own: set[str], own_where: str = ""
    ) -> Any:
        """Validate a table; what is wrong is reported, and what is left stands in for it.

        So that the other checks can find what else is wrong, in the same run. ``None`` where
        nothing is left to check.
        """
        try:
            return model.model_validate(table)
        except ValidationError as invalid:
            bad = set()
            for error in causes(invalid):
                key = str(error["loc"][0]) if error["loc"] else ""
                bad.add(key)
                if error["type"] in ("literal_error", "extra_forbidden"):
                    self.misnamed.add(where)
                place = (own_where or where) if key in own or (not key and own) else where
                path = ".".join([place, *(str(part) for part in error["loc"])])
                self._report(path, message_of(error, model))
        rest = {key: value for key, value in table.items() if key not in bad}
        try:
            return model.model_validate(rest) if rest != table else None
        except ValidationError:  # a required key is missing: reported above
            return None


def _names(table: Table) -> tuple[str, str | None]:
    """Return a case's name and the case it cures; values of the wrong type count as absent."""
    remedies = table.get("remedies")
    return str(table.get("name")), remedies if isinstance(remedies, str) else None


def _point(name: str) -> Claim:
    """Return the claim of a sweep's point; it is mapped, not judged."""
    return Claim.model_construct(name=name, expect="converges")
