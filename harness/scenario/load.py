"""TOML text -> Scenario, or every reason why not, all at once."""

import tomllib
from collections.abc import Iterator
from keyword import iskeyword
from pathlib import Path

from harness.scenario.case import (
    MOST_CHARACTERS,
    OWN_SECTIONS,
    SECTIONS,
    Case,
    Claim,
    Scenario,
    Sweep,
)
from harness.scenario.checks import check_names, check_sweep_names
from harness.scenario.load_sweep import load_sweep
from harness.scenario.merge import Table
from harness.scenario.own import OwnCase
from harness.scenario.problem import Problem, Problems, ScenarioError
from harness.scenario.regular_file import check_regular
from harness.scenario.resolve import Resolver
from harness.scenario.resolve_own import is_own, own_case
from harness.scenario.toml_limits import beyond_toml, line_of_long_number
from harness.scenario.vocabulary import nearest

_PYTEST_MARKS = {
    *("skip", "skipif", "xfail", "parametrize", "usefixtures", "filterwarnings"),
    *("benchmark", "convergence", "convergence_time"),
}
_ALL_SECTIONS = list(dict.fromkeys((*SECTIONS, *OWN_SECTIONS)))
_TOP_KEYS = ["question", "source", "tags", "case", "sweep", *_ALL_SECTIONS]


def load(path: Path, name: str, root: Path | None = None) -> Scenario:
    """Read one scenario file.

    Args:
        path: the file.
        name: its name in results, ``training/learning_rate``.
        root: of the project: packages there can be named in it, as those beside it can.

    Raises:
        ScenarioError: with every mistake in the file.
    """
    try:
        check_regular(path)
        text = path.read_bytes().decode("utf-8-sig")  # Windows editors begin with a byte order mark
        table = tomllib.loads(text)
    except OSError as error:
        raise ScenarioError([Problem(str(path), None, "", str(error.strerror))]) from None
    except UnicodeDecodeError as error:
        message = f"is not UTF-8: byte {error.start} is 0x{error.object[error.start]:02x}"
        raise ScenarioError([Problem(str(path), None, "", message)]) from None
    except (ValueError, RecursionError) as error:  # Python reads no number of 4,301 digits
        line = line_of_long_number(text)
        raise ScenarioError([Problem(str(path), line, "", f"broken TOML: {error}")]) from None
    problems = Problems(path, text)
    for field, message in beyond_toml(table):
        problems.add(field, message)
    problems.raise_all()
    shared = {section: table[section] for section in _ALL_SECTIONS if section in table}
    resolver = Resolver(name, path.parent.resolve(), root, shared, problems)
    if len(path.stem.encode()) > MOST_CHARACTERS:
        size = len(path.stem.encode())
        problems.add("", f"its name has {size} bytes, at most {MOST_CHARACTERS} fit: shorten it")
    for field, message in _check_top(table):
        problems.add(field, message)
    return _scenario(path, table, resolver)


def _scenario(path: Path, table: Table, resolver: Resolver) -> Scenario:
    problems = resolver.problems
    case_tables, sweep_tables = (_array(table, key, problems) for key in ("case", "sweep"))
    cases = [_case(resolver, f"case[{n}]", each) for n, each in enumerate(case_tables)]
    for index, key, message in check_names([_name_and_remedied(each) for each in case_tables]):
        problems.add(f"case[{index}].{key}", message)
    sweeps = [_sweep(resolver, f"sweep[{n}]", each) for n, each in enumerate(sweep_tables)]
    names = [str(each.get("name")) for each in case_tables]
    for index, message in check_sweep_names(names, [each.get("name") for each in sweep_tables]):
        problems.add(f"sweep[{index}].name", message)
    problems.raise_all()
    return Scenario(
        name=resolver.scenario,
        path=path,
        question=table["question"],
        source=table.get("source", ""),
        tags=tuple(table.get("tags", ())),
        cases=tuple(case for case in cases if isinstance(case, Case)),
        own_cases=tuple(case for case in cases if isinstance(case, OwnCase)),
        sweeps=tuple(sweep for sweep in sweeps if sweep is not None),
    )


def _check_top(table: Table) -> Iterator[tuple[str, str]]:
    """Yield (field, message) for what is wrong with the keys beside the cases."""
    for key in table:
        if key not in _TOP_KEYS:
            yield key, f"unknown key{nearest(key, _TOP_KEYS)}"
    if "question" not in table:
        yield "question", "is missing"
    for key in ("question", "source"):
        if not isinstance(table.get(key, ""), str):
            yield key, f"must be a text, got {table[key]!r}"
    for section in _ALL_SECTIONS:
        if not isinstance(table.get(section, {}), dict):
            yield section, f"must be a table, got {table[section]!r}"
    if table.get("case", []) == []:
        yield "case", "is missing: a scenario has at least one [[case]] table"
    yield from _check_tags(table.get("tags", []))


def _check_tags(tags: object) -> Iterator[tuple[str, str]]:
    if not isinstance(tags, list) or not all(map(_is_mark, tags)):
        yield "tags", f"must be a list of words usable with -m, got {tags!r}"
    elif taken := _PYTEST_MARKS & set(tags):
        yield "tags", f"{', '.join(sorted(taken))} means something to pytest itself"


def _is_mark(tag: object) -> bool:
    """Tell whether pytest takes a tag for the name of a mark, and ``-m`` for a word."""
    word = isinstance(tag, str) and tag.isidentifier() and not iskeyword(tag)
    return word and not str(tag).startswith("_")


def _array(table: Table, key: str, problems: Problems) -> list[Table]:
    """Return the tables that are each headed ``[[key]]``."""
    tables = table.get(key, [])
    if isinstance(tables, list) and all(isinstance(each, dict) for each in tables):
        return tables
    problems.add(key, f"must be tables: begin each with [[{key}]]")
    return []


def _case(resolver: Resolver, where: str, table: Table) -> Case | OwnCase | None:
    claimed = {key: value for key, value in table.items() if key not in _ALL_SECTIONS}
    claim = resolver.validated(Claim, claimed, lambda _: where)
    sections = {k: table[k] for k in _ALL_SECTIONS if k in table}
    if is_own(resolver, sections):
        return own_case(resolver, where, claim, sections)
    return resolver.case(where, claim, sections)


def _sweep(resolver: Resolver, where: str, table: Table) -> Sweep | None:
    if is_own(resolver, table):
        resolver.problems.add(where, "varies data, model and training; [train] has none of them")
        return None
    return load_sweep(resolver, where, table)


def _name_and_remedied(table: Table) -> tuple[str, str | None]:
    """Return a case's name and the case it cures; values of the wrong type count as absent."""
    remedies = table.get("remedies")
    return str(table.get("name")), remedies if isinstance(remedies, str) else None
