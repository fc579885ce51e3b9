"""A case trains as many seeds as decide its claim."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from harness.baseline import path_of, record, save
from harness.execution.job import Work
from harness.execution.journal import Journal
from harness.execution.trainer import Trainer
from harness.flow import examination
from harness.flow.gate import Gate
from harness.flow.trial import Trial
from harness.scenario import load
from tests.baseline.canned import ENVIRONMENT

FILE = """
question = "Does it?"
data = {task = "first_value", records = 8, validation_records = 0}
model = {units = [2]}
training = {learning_rate = 1e-9, epochs = 1}
converged = {metric = "accuracy", at_least = 1.0}
[[case]]
name = "slow"
expect = "fails"
"""


@pytest.mark.parametrize(
    ("lines", "odd", "seeds"),
    [("", (), 12), ("", (3,), 16), ("seeds.max = 14", (3,), 14), ("", (0, 1, 2, 3), 12)],
    ids=["all agree", "one does not", "no more are allowed", "refuted"],
)
def test_no_more_seeds_are_trained_than_decide_the_claim(
    lines: str, odd: tuple[int, ...], seeds: int, tmp_path: Path
) -> None:
    path = tmp_path / "slow.toml"
    path.write_text(FILE + lines, encoding="utf-8")
    one = load(path, "slow")
    work = Work(one.cases[0], "eager", "cpu")
    trainer = Trainer(None, 1, Journal(Path(os.devnull)))
    [trained] = trainer.histories(work.members([0]))
    converged = replace(trained, train_metric=trained.train_metric * 0 + 1)
    for seed in range(48):
        known = converged if seed in odd else trained
        trainer.journal.entries[work.members([seed])[0].key] = replace(known, seed=seed)
    found = Trial(one, work, None, explained=False).run(trainer, Gate("off", "off", 1))
    trainer.close()
    assert found.seeds == seeds


def test_what_rounding_explains_is_asked_only_of_training_that_is_not_what_was_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "slow.toml"
    path.write_text(FILE.replace("epochs = 1", "epochs = 1, batch_size = 4"), encoding="utf-8")
    one = load(path, "slow")
    work = Work(one.cases[0], "eager", "cpu")
    trial = Trial(one, work, None, explained=False)
    trainer = Trainer(None, 1, Journal(Path(os.devnull)))
    accepted = trial.run(trainer, Gate("off", "off", 1))
    save(path_of(path, "eager", "cpu"), record([accepted], "", ENVIRONMENT))

    def second_step_is_loose(_: object) -> list[float]:
        return [0.0, 0.5]

    monkeypatch.setattr(examination, "first_loss_rounding", second_step_is_loose)
    found = trial.run(trainer, Gate("check", "off", 1))
    assert (found.comparison.identical, found.rounding) == (True, (0.0,))
    for key, history in trainer.journal.entries.items():
        losses = history.first_losses * [1.0, *[1.25] * (len(history.first_losses) - 1)]
        trainer.journal.entries[key] = replace(history, first_losses=losses, train_loss=losses[:2])
    found = trial.run(trainer, Gate("check", "off", 1))
    trainer.close()
    assert (found.comparison.identical, found.rounding) == (False, (0.0, 0.5))
    assert found.comparison.first_losses_differ_by == pytest.approx(0.2)
