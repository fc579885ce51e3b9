"""No training is made that could not change which cause is named first."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from harness.diagnosis.cases.cause import Cause
from harness.execution.job import Member, Work
from harness.execution.journal import Journal
from harness.execution.trainer import Trainer
from harness.flow.gate import Gate
from harness.flow.interventions import Interventions
from harness.flow.trial import Trial
from harness.history import History
from harness.results.outcome import Outcome
from harness.scenario import Scenario
from harness.scenario.vocabulary import Cause as Name
from tests.flow.test_diagnosis import scenario

SLOW = Cause("learning_rate_too_low", "e.", "r.", strength=0.83)
NEAR = Cause("too_few_epochs", "e.", "r.", strength=0.66)


@dataclass
class Counting(Trainer):
    """A trainer that counts with how many edits it was asked to train."""

    asked_with: int = 0

    def histories(self, members: Sequence[Member]) -> list[History]:
        self.asked_with += 1
        return super().histories(members)


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scenario, Outcome]:
    """A case without siblings, and four failed seeds of it that nobody has explained yet."""
    found = scenario(tmp_path_factory.mktemp("slow"))
    alone = replace(found, cases=found.cases[:1])
    trainer = Trainer(None, 1, Journal(Path(os.devnull)))
    trial = Trial(alone, Work(alone.cases[0], "eager", "cpu"), 4, explained=False)
    failed = trial.run(trainer, Gate("off", "off", 1))
    trainer.close()
    return alone, failed


@pytest.mark.parametrize(
    ("stated", "causes", "edits"),
    [
        ("learning_rate_too_low", (SLOW,), 0),
        ("learning_rate_too_low", (replace(SLOW, confirmed=True), NEAR), 0),
        ("learning_rate_too_low", (SLOW, NEAR), 2),
        ("no_signal", (SLOW,), 1),
    ],
    ids=["the file states it", "its remedy works", "another is near", "the file states another"],
)
def test_an_edit_of_our_own_is_tried_only_where_it_decides(
    slow: tuple[Scenario, Outcome], stated: Name, causes: tuple[Cause, ...], edits: int
) -> None:
    alone, failed = slow
    trainer = Counting(None, 1, Journal(Path(os.devnull)))
    work = Work(alone.cases[0], "eager", "cpu")
    Interventions(replace(failed, stated=stated), work, alone, trainer).tried(lambda _: causes)
    trainer.close()
    assert trainer.asked_with == edits
