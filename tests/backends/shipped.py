"""Every case that ships, as declared and in double precision."""

from pathlib import Path

from harness.history import FIRST_STEPS
from harness.reference import Reference
from harness.scenario import Case, load
from harness.scenario.scenario_files import files_below, name_of

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def all_cases() -> list[Case]:
    """Return every case that is shipped."""
    files = list(files_below(SCENARIOS))
    assert len(files) > 20
    return [case for file in files for case in load(file, name_of(file, [SCENARIOS])).cases]


def in_double(case: Case) -> Case:
    """Return the case in float64, for as many epochs as make 20 steps."""
    per_epoch = Reference(case, 0).steps_per_epoch
    epochs = min(case.training.epochs, -(-FIRST_STEPS // per_epoch))
    update = {"dtype": "float64", "epochs": epochs}
    return case.model_copy(update={"training": case.training.model_copy(update=update)})
