"""The JSON Schema agrees with what the loader accepts and refuses."""

import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
from pydantic import BaseModel

from harness.scenario import (
    SECTIONS,
    TASKS,
    Converged,
    Model,
    Seeds,
    Training,
)
from harness.scenario.merge import SOURCE_MODELS
from harness.scenario.own_training import OwnTraining
from harness.scenario.scenario_files import files_below, name_of
from harness.scenario.schema import FILE, directive, schema, text
from harness.scenario.starter import starter
from harness.scenario.vocabulary import Diagnosis, LossName, OptimizerName

FOLDER = Path(__file__).parents[2] / "scenarios"
SHIPPED = list(files_below(FOLDER))


def valid(scenario: dict[str, Any]) -> bool:
    return bool(jsonschema.Draft7Validator(schema()).is_valid(scenario))


def minimal(**case: Any) -> dict[str, Any]:
    return {"question": "?", "case": [{"name": "a", "expect": "fails"} | case]}


def test_it_is_a_valid_schema_itself() -> None:
    jsonschema.Draft7Validator.check_schema(schema())


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_scenario_fits(path: Path) -> None:
    jsonschema.validate(tomllib.loads(path.read_text(encoding="utf-8")), schema())


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_scenario_tells_editors_where_the_schema_is(path: Path) -> None:
    first, _, _ = path.read_text(encoding="utf-8").partition("\n")
    assert first == directive(name_of(path, [FOLDER]))
    assert (path.parent / first.removeprefix("#:schema ")).resolve() == FOLDER / FILE


def test_the_shipped_schema_is_that_of_the_code() -> None:
    found = (FOLDER / FILE).read_text(encoding="utf-8")
    assert found == text(), f"harness schema > scenarios/{FILE}"


def test_the_starter_fits() -> None:
    jsonschema.validate(tomllib.loads(starter("x")), schema())


def test_a_case_may_vary_one_key_of_a_section() -> None:
    assert valid(minimal(training={"learning_rate": 1e-6}))


@pytest.mark.parametrize(
    "wrong",
    [
        minimal(training={"learning_rte": 1e-6}),
        minimal(training={"learning_rate": 0}),
        minimal(training={"optimizer": "adma"}),
        minimal(model={"units": []}),
        minimal(data={"task": "first_valu"}),
        minimal(diagnosis="overfiting"),
        minimal(remdies="b"),
        minimal() | {"quesion": "?"},
        minimal() | {"converged": {"at_leats": 1.0}},
        {"question": "?"},
        {"question": "?", "case": []},
        {"question": "?", "case": [{"name": "a"}]},
    ],
    ids=str,
)
def test_what_the_loader_refuses_the_schema_refuses(wrong: dict[str, Any]) -> None:
    assert valid(minimal())
    assert not valid(wrong)


def test_every_field_of_every_section_is_known_and_described() -> None:
    definitions = schema()["definitions"]
    models: dict[str, type[BaseModel]] = {
        "train": OwnTraining,
        "model": Model,
        "training": Training,
        "converged": Converged,
        "seeds": Seeds,
    }
    for name, model in models.items():
        assert definitions[name]["properties"].keys() == model.model_fields.keys()
    kinds: list[type[BaseModel]] = [*TASKS.values(), *SOURCE_MODELS]
    data = {field for kind in kinds for field in kind.model_fields}
    assert definitions["data"]["properties"].keys() == data
    for name in SECTIONS:
        for field in definitions[name]["properties"].values():
            forms = [field] if "description" in field else field["anyOf"]
            assert all(form["description"] for form in forms)


def test_closed_vocabularies_are_offered() -> None:
    definitions = schema()["definitions"]
    assert definitions["data"]["properties"]["task"]["enum"] == list(TASKS)
    for key, names in (("optimizer", OptimizerName), ("loss", LossName)):
        known, own = definitions["training"]["properties"][key]["anyOf"]
        assert known["enum"] == [*get_args(names)]
        assert re.match(own["pattern"], "my_package.module:name")
    assert definitions["case"]["properties"]["diagnosis"]["enum"] == [*get_args(Diagnosis)]


def test_null_is_never_offered_since_toml_has_none() -> None:
    assert "null" not in str(schema()).replace("None", "null")


def test_a_training_of_the_users_own_is_valid_with_any_metric() -> None:
    jsonschema.validate(
        {
            "question": "Does mine learn?",
            "train": {"command": ["train", "{seed}"], "arguments": {"rate": 1}, "budget": 3},
            "converged": {"metric": "perplexity", "at_most": 30.0},
            "case": [{"name": "mine", "expect": "converges", "train": {"budget": 4}}],
        },
        schema(),
    )
