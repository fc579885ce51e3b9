from dataclasses import replace

import numpy as np
import pytest

from harness.diagnosis import CAUSES, Observations, diagnose
from harness.diagnosis.names import TITLES
from harness.diagnosis.observations import Loop, Loss, Optimizer
from harness.diagnosis.session import choose
from tests.diagnosis.causes.trainings import (
    NUMBERS,
    healthy,
    stuck,
)


def test_a_training_that_learnt_is_not_accused() -> None:
    assert diagnose(healthy()).primary == "none"


def test_without_an_update_nothing_is_named() -> None:
    assert diagnose(Observations(losses=np.zeros(0))).primary == "none"


def test_the_json_object_keeps_its_contract() -> None:
    said = diagnose(replace(healthy(), loop=Loop(stale=1.0))).as_json()
    assert said["schema"] == 1
    assert said["runs"] == 1
    assert said["primary"] == said["causes"][0]["cause"]
    assert set(said["causes"][0]) == {"cause", "evidence", "remedy", "confirmed"}


def test_every_cause_has_a_title() -> None:
    assert set(TITLES) == set(CAUSES)


def test_a_stage_is_asked_only_if_what_came_of_it_failed() -> None:
    stage = replace(stuck(), continued=True, optimizer=Optimizer("adam", (1e-6,)))
    last = replace(healthy(), loss=Loss("mse", "linear"), targets=NUMBERS, final_outputs=NUMBERS)
    answers = [(each, diagnose(each)) for each in (stage, last)]
    assert choose(answers).primary == "none"
    alone = [(each, diagnose(each)) for each in (replace(stage, continued=False), last)]
    assert choose(alone).primary == "learning_rate_too_low"


def test_what_is_no_observations_is_refused_with_what_is_wanted() -> None:
    with pytest.raises(TypeError, match="Observations, not NoneType"):
        diagnose(None)  # type: ignore[arg-type]  # as somebody may who has no types
