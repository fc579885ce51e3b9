"""The published schema of results.json is that of what a run writes."""

import json
from typing import Any

import jsonschema
import pytest

from harness.diagnosis.cases.cause import Cause
from harness.report import read
from harness.report.results import encode
from harness.report.results_schema import results_schema
from harness.results.probe import Probe
from tests.report.conftest import Make

SCENARIO = """
question = "Does it learn?"
[data]
task = "first_value"
records = 8
validation_records = 4
[model]
units = [2]
[training]
epochs = 3
[converged]
at_least = 0.5
[[case]]
name = "usual"
expect = "converges"
[[case]]
name = "never"
expect = "fails"
diagnosis = "learning_rate_too_low"
training.learning_rate = 1e-9
[[sweep]]
name = "rates"
training.learning_rate = { from = 1e-4, to = 1e-2, points = 2, spacing = "log" }
"""

STRICT = jsonschema.Draft202012Validator(results_schema())


@pytest.fixture
def written(pytester: pytest.Pytester) -> dict[str, Any]:
    """Train two cases and a map; return results.json."""
    (pytester.path / "scenarios").mkdir()
    (pytester.path / "scenarios/small.toml").write_text(SCENARIO, encoding="utf-8")
    given = ("workers=1", "seeds=2", "backend=ensemble", "probes=off")
    options = [f"--convergence-{each}" for each in given]
    pytester.runpytest_inprocess("scenarios", *options, "-p", "no:cacheprovider")
    path = pytester.path / "reports/latest/results.json"
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert len(read(path)[1]) == len(record["cases"]) == 2
    return record


def test_what_a_run_writes_fits_and_holds_no_field_that_is_not_described(
    written: dict[str, Any],
) -> None:
    STRICT.validate(written)
    definitions = results_schema()["$defs"]
    for kind, records in (("Outcome", written["cases"]), ("TrainabilityMap", written["maps"])):
        assert records
        for record in records:
            assert record.keys() == definitions[kind]["properties"].keys()


@pytest.mark.parametrize(
    ("key", "wrong"),
    [("outcome", "passed"), ("seeds", "2"), ("epochs_to_converge", [1.5]), ("baseline", None)],
)
def test_what_is_none_of_ours_does_not_fit(make: Make, key: str, wrong: object) -> None:
    probe, cause = Probe("loss", "pass", 0.1, 0.2, "seen"), Cause("no_signal", "seen", "none")
    written = json.loads(encode({}, [make(probes=(probe,), diagnosis=(cause,))]))
    assert STRICT.is_valid(written)
    written["cases"][0][key] = wrong
    assert not STRICT.is_valid(written)
