"""A field that a section gains is missed nowhere: it decides what its mark says, or a step."""

from operator import attrgetter
from typing import Annotated, Any

import pytest

from harness.backends.ensemble.job import PreparedSeed
from harness.probes.reductions import histories, opened
from harness.probes.reductions.sizes import RECORDS, small_data
from harness.scenario import Case, Converged, Mark, Model, Training
from harness.scenario.section import Section
from harness.scenario.vocabulary.tasks import MeanSign
from tests.backends.small_cases import case_of


class WiderModel(Model):
    unmarked: int = 0
    switch: Annotated[float, Mark.SWITCH] = 0.0
    free: Annotated[int, Mark.FREE] = 0
    start: Annotated[int, Mark.START] = 0


class WiderTraining(Training):
    unmarked: int = 0
    switch: Annotated[float, Mark.SWITCH] = 0.0
    free: Annotated[int, Mark.FREE] = 0
    update_rule: Annotated[int, Mark.UPDATE] = 0
    scheduled: Annotated[int, Mark.SCHEDULE] = 0


class WiderConverged(Converged):
    unmarked: int = 0


class WiderTask(MeanSign):
    prepared: Annotated[int, Mark.PREPARATION] = 0


WIDER: dict[str, type[Section]] = {
    "model": WiderModel,
    "training": WiderTraining,
    "converged": WiderConverged,
}


def with_field(section: str, field: str, value: float) -> Case:
    """Return a case whose section has one field more than are declared, set to ``value``."""
    case = case_of()
    wider = WIDER[section].model_validate(getattr(case, section).model_dump() | {field: value})
    return case.model_copy(update={section: wider})


def kind(case: Case) -> tuple[object, ...]:
    return PreparedSeed.prepare(case, 0).kind


@pytest.mark.parametrize(
    ("section", "field"),
    [("model", "unmarked"), ("training", "unmarked"), ("converged", "unmarked")],
)
def test_seeds_that_differ_in_an_unmarked_field_are_not_one_batched_model(
    section: str, field: str
) -> None:
    assert kind(with_field(section, field, 1)) != kind(with_field(section, field, 2))


@pytest.mark.parametrize("section", ["model", "training"])
def test_a_step_may_take_another_time_with_another_value_of_an_unmarked_field(section: str) -> None:
    one, two = (with_field(section, "unmarked", value) for value in (1, 2))
    assert one.workload != two.workload


@pytest.mark.parametrize("section", ["model", "training"])
@pytest.mark.parametrize("told_by", [kind, attrgetter("workload")])
def test_a_switch_counts_by_being_on_and_a_free_field_not_at_all(
    section: str, told_by: Any
) -> None:
    off, low, high = (told_by(with_field(section, "switch", value)) for value in (0.0, 0.1, 0.9))
    assert low == high != off
    assert told_by(with_field(section, "free", 1)) == told_by(with_field(section, "free", 2))


@pytest.mark.parametrize("reduce", [opened.for_optimizer, histories.for_small_gradients])
def test_a_part_of_the_update_is_kept_where_probes_watch_updates(
    monkeypatch: pytest.MonkeyPatch, reduce: Any
) -> None:
    for module in (opened, histories):
        monkeypatch.setattr(module, "Training", WiderTraining)
    assert reduce(with_field("training", "update_rule", 7)).training.update_rule == 7


@pytest.mark.parametrize("reduce", [opened.for_schedule, histories.for_whole_schedule])
def test_a_part_of_the_schedule_is_kept_where_probes_watch_the_rate(
    monkeypatch: pytest.MonkeyPatch, reduce: Any
) -> None:
    for module in (opened, histories):
        monkeypatch.setattr(module, "Training", WiderTraining)
    assert reduce(with_field("training", "scheduled", 7)).training.scheduled == 7


def test_how_weights_are_drawn_is_kept_where_probes_look_at_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(opened, "Model", WiderModel)
    reduced = opened.for_initialisation(with_field("model", "start", 7))
    assert getattr(reduced.model, "start", None) == 7


def test_what_is_done_to_records_is_kept_where_probes_look_at_batches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = case_of()
    prepared = WiderTask.model_validate(case.data.model_dump() | {"prepared": 7})
    monkeypatch.setattr(opened, "Data", WiderTask)
    reduced = opened.for_batches(case.model_copy(update={"data": prepared}))
    assert getattr(reduced.data, "prepared", None) == 7


def test_what_is_done_to_records_is_left_out_of_a_users_small_data_but_for_their_scale() -> None:
    case = case_of(model={"factory": "mine:Net"})
    changes = {"prepared": 7, "oversample": True, "jitter": 0.5, "normalize": "minmax"}
    prepared = WiderTask.model_validate(case.data.model_dump() | changes)
    reduced = small_data(case.model_copy(update={"data": prepared}))
    assert reduced == prepared.model_copy(
        update={"records": RECORDS, "prepared": 0, "oversample": False, "jitter": 0.0}
    )


@pytest.mark.parametrize(
    ("section", "field"), [("model", "unmarked"), ("training", "switch"), ("converged", "unmarked")]
)
def test_a_later_key_changes_a_fingerprint_only_where_it_is_set(section: str, field: str) -> None:
    before = case_of().fingerprint
    assert with_field(section, field, 0).fingerprint == before
    assert with_field(section, field, 1).fingerprint != before
