"""What a case says of its sequences that cannot be: targets at each step where there are none."""

from collections.abc import Iterator

from harness.scenario.case import Case
from harness.scenario.data import FromFile, StepTask, Task
from harness.scenario.vocabulary.tasks import TASKS

FieldMessage = tuple[str, str]
"""The field within the case, and what is wrong with it."""


def check_sequences(case: Case) -> Iterator[FieldMessage]:
    """Yield what is impossible about a case's sequences."""
    data = case.data
    if data.targets != "each_step":
        return
    if isinstance(data, Task) and not isinstance(data, StepTask):
        yield "data.targets", f"this task has one target a record; at each step: {_step_tasks()}"
    if isinstance(data, FromFile) and data.file.endswith(".csv"):
        yield (
            "data.targets",
            "a row of a CSV file has one target: give y [records, timesteps] as NPZ",
        )
    for key in ("oversample", "sort_by_label"):
        if getattr(data, key):
            yield f"data.{key}", "needs one label a record; here each step has its own"


def _step_tasks() -> str:
    return ", ".join(name for name, task in TASKS.items() if issubclass(task, StepTask))
