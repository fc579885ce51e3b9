"""The pages of docs/reference, made from the code: ``python -m tests.docs.reference``."""

import argparse
import json
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from harness.cli.main import COMMANDS
from harness.diagnosis.names import TITLES
from harness.pytest_plugin.options import OPTIONS
from harness.report.document import COLUMNS
from harness.report.results_schema import results_schema
from harness.scenario.merge import SOURCE_MODELS
from harness.scenario.schema import Json, schema
from harness.scenario.vocabulary.tasks import TASKS
from harness.verdict.expected_symptoms import SYMPTOMS
from harness.verdict.symptom import SENTENCES, Symptom

FOLDER = Path(__file__).parents[2] / "docs" / "reference"

MADE = "<!-- Made by python -m tests.docs.reference; tests/docs/test_reference.py checks it. -->"


def pages() -> dict[str, str]:
    """Return the text of each file, by its name."""
    return {
        "scenario.md": _page("Scenario files", *_scenario()),
        "options.md": _page("Options of pytest", *_options()),
        "commands.md": _page("Commands", *_commands()),
        "results.md": _page("Results", *_results()),
        "diagnoses.md": _page("Diagnoses and symptoms", *_diagnoses()),
        "results.schema.json": json.dumps(results_schema(), indent=2) + "\n",
    }


def _page(title: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", MADE, *parts]) + "\n"


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _scenario() -> Iterator[str]:
    """Yield a table of keys for each table of a scenario file."""
    whole = schema()
    yield (
        "Every key of a scenario file, by table. `harness schema` prints the same as JSON Schema; "
        "[scenario.schema.json](../../scenarios/scenario.schema.json) is what editors complete "
        "from. A `[[case]]` takes each table but `[[sweep]]` as well, and overrides what all share."
    )
    top = {key: field for key, field in whole["properties"].items() if "description" in field}
    yield "## Of the file"
    yield _keys(top)
    for name, definition in whole["definitions"].items():
        if name == "data":
            yield from _data(definition)
            continue
        bracketed = f"[[{name}]]" if name in ("case", "sweep") else f"[{name}]"
        yield f"## `{bracketed}`" if name != "range" else "## A range in a sweep"
        yield f"{_capital(definition['description'])}."
        yield _keys({k: v for k, v in definition["properties"].items() if "$ref" not in v})


def _data(definition: Json) -> Iterator[str]:
    """Yield what all records have, then each source and each task with its own keys."""
    kinds = [*SOURCE_MODELS, *TASKS.values()]
    known: dict[str, Any] = definition["properties"]
    common = [key for key in known if all(key in kind.model_fields for kind in kinds)]
    yield "## `[data]`"
    yield f"{_capital(definition['description'])}. Keys of every source:"
    yield _keys({key: known[key] for key in common})
    for kind in kinds:
        fields = kind.model_json_schema()["properties"]
        own = {key: fields[key] for key in kind.model_fields if key not in (*common, "task")}
        names = {task for task, each in TASKS.items() if each is kind}
        yield f'### `task = "{names.pop()}"`' if names else f"### `{kind.source} = ...`"
        yield (kind.__doc__ or "").partition("\n")[0]
        if own:
            yield _keys(own)


def _keys(fields: dict[str, Json]) -> str:
    rows = [
        [f"`{key}`", _type(field), _default(field), _said(field)] for key, field in fields.items()
    ]
    return _table(["key", "value", "default", "what it says"], rows)


def _said(field: Json) -> str:
    forms = [field, *field.get("anyOf", [])]
    return next(str(form["description"]) for form in forms if "description" in form)


def _default(field: Json) -> str:
    value = field.get("default")
    return "" if value in (None, [], {}, "") else f"`{json.dumps(value)}`"


def _type(field: Json) -> str:
    """Return a type of JSON Schema in a few words, its limits among them."""
    forms = [form for form in field.get("anyOf", [field]) if form.get("type") != "null"]
    return " or ".join(dict.fromkeys(_form(form) for form in forms))


def _form(form: Json) -> str:
    if "enum" in form or "const" in form:
        return ", ".join(f"`{json.dumps(each)}`" for each in form.get("enum", [form.get("const")]))
    if "$ref" in form:
        name = form["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})" if name[0].isupper() else name
    if form.get("type") == "array":
        parts = form.get("prefixItems", [form.get("items", {})])
        more = [] if "prefixItems" in form else ["..."]
        return f"[{', '.join([*map(_type, parts), *more])}]"
    if "pattern" in form and ":" in form["pattern"]:
        return '`"package.module:name"`'
    named = {"object": "table", "boolean": "true or false", "string": "text"}
    kind: str = form.get("type", "any")
    name = named.get(kind, kind)
    limits = [f"{sign} {form[key]:g}" for key, sign in _LIMITS.items() if key in form]
    told = [limit for limit in limits if "e+" not in limit]  # what only a slip exceeds
    return " ".join([name, ", ".join(told)]).strip()


_LIMITS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _options() -> Iterator[str]:
    """Yield the options of a run."""
    yield (
        "Each option is a key of pytest's ini file too; the command line wins. "
        "`scenario_paths`, in the ini file only, names folders whose every TOML file is a scenario."
    )
    rows = [
        [
            f"`{option.flag}{f' {option.metavar}' if option.metavar else ''}`",
            f"`{option.dest}`",
            _capital(option.help),
        ]
        for option in OPTIONS
    ]
    yield _table(["option", "ini key", "what it does"], rows)


def _commands() -> Iterator[str]:
    """Yield the arguments of each command."""
    yield "`harness COMMAND --help` says the same; `python -m harness` is `harness`."
    for name, command in COMMANDS.items():
        module = import_module(command.module)
        parser = argparse.ArgumentParser(add_help=False)
        module.add_arguments(parser)
        yield f"## `harness {name}`"
        yield f"{_capital(command.summary)}. {parser.epilog or ''}".strip()
        rows = [[f"`{_spelt(action)}`", _capital(action.help or "")] for action in parser._actions]
        if rows:
            yield _table(["argument", "what it does"], rows)


def _spelt(action: argparse.Action) -> str:
    """Return an argument as it is typed."""
    named = action.metavar or action.dest.upper()
    value = named if isinstance(named, str) else " ".join(str(each) for each in named)
    if action.nargs in ("*", argparse.REMAINDER):
        value = f"[{value} ...]"
    elif action.nargs == "+":
        value = f"{value} [{value} ...]"
    elif action.nargs == "?":
        value = f"[{value}]"
    elif action.nargs == 0:
        value = ""
    return " ".join([*action.option_strings[:1], value]).strip()


def _results() -> Iterator[str]:
    """Yield the columns of the spreadsheet, then the records of results.json."""
    whole = results_schema()
    yield "## `convergence.csv`"
    yield "A row a case. What was not measured or does not apply is empty."
    yield _table(["column", "what it says"], [[f"`{c.field}`", _capital(c.about)] for c in COLUMNS])
    yield "## `results.json`"
    yield (
        "[results.schema.json](results.schema.json) is its JSON Schema; `harness schema results` "
        "prints it. What is not finite is `null`. Reports of older schemas are read as well."
    )
    yield _records(whole)
    for name, record in whole["$defs"].items():
        yield f"### {name}"
        yield record["description"]
        if "enum" in record:
            yield ", ".join(f"`{each}`" for each in record["enum"])
        else:
            yield _records(record)


def _records(record: Json) -> str:
    rows = [
        [f"`{key}`", _type(field), _capital(field.get("description", ""))]
        for key, field in record["properties"].items()
    ]
    return _table(["field", "value", "what it says"], rows)


def _diagnoses() -> Iterator[str]:
    """Yield the causes, and the symptoms that each may show."""
    yield (
        "A case states one of these as its `diagnosis`, and a diagnosis names one of them or "
        "`none`. [Why does it not train?](../diagnosis.md) says how each is found."
    )
    rows = [
        [f"`{name}`", f"{title}.", ", ".join(f"`{s}`" for s in Symptom if s in SYMPTOMS[name])]
        for name, title in TITLES.items()
    ]
    yield _table(["diagnosis", "what it says", "symptoms that it may show"], rows)
    yield "## Symptoms"
    yield "How a failed seed looks. The first that fits is reported:"
    yield _table(["symptom", "what it says"], [[f"`{s}`", SENTENCES[s]] for s in Symptom])


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
