"""At the level `full` no probe fails at a case that ships, on either backend."""

from pathlib import Path

import pytest

from harness.backends import get
from harness.probes import Probe, probe
from harness.scenario import Case, load
from harness.scenario.scenario_files import files_below

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FILES = list(files_below(SCENARIOS))

BEYOND_THE_REFERENCE = {
    "activation": {"relu_gates_and_cells", "linear_gates_and_cells"},
    "poor_init": {"too_large"},
}
"""Cases at whose declared sizes the reference overflows, or is chaotic."""


def cases(path: Path) -> list[Case]:
    return list(load(path, path.stem).cases)


def failures(case: Case, backend: str, shared: dict[tuple[str, ...], Probe]) -> list[Probe]:
    found = probe(case, get(backend), "cpu", "full", shared)
    return [each for each in found if each.status == "fail"]


@pytest.mark.parametrize("backend", ["eager", "ensemble"])
@pytest.mark.parametrize(
    "case",
    [
        case
        for path in FILES
        for case in cases(path)
        if case.name in BEYOND_THE_REFERENCE.get(path.stem, ())
    ],
    ids=lambda case: case.name,
)
def test_a_case_that_the_reference_cannot_follow_is_no_failure(case: Case, backend: str) -> None:
    found = {each.name: each.status for each in probe(case, get(backend), "cpu", "full")}
    assert "fail" not in found.values()
    assert found["reference_steps_declared"] == "skipped"


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["eager", "ensemble"])
def test_no_probe_fails_at_any_case_at_full(backend: str) -> None:
    shared: dict[tuple[str, ...], Probe] = {}
    found = {
        case.id: told
        for path in FILES
        for case in cases(path)
        if (told := failures(case, backend, shared))
    }
    assert found == {}
