"""A case trains as many seeds as decide its claim."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from harness.execution.job import Work
from harness.execution.journal import Journal
from harness.execution.trainer import Trainer
from harness.flow.gate import Gate
from harness.flow.trial import Trial
from harness.scenario import load

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
