"""A case that fails is told why: its seeds are looked at again, and remedies tried."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from harness.execution.job import TrainingError, Work
from harness.execution.journal import Journal
from harness.execution.trainer import Trainer
from harness.flow.diagnosis import diagnosed
from harness.flow.gate import Gate
from harness.flow.trial import Trial
from harness.results.outcome import Outcome
from harness.scenario import Scenario, load

FILE = """
question = "Which rate?"
source = "a test"
tags = []
data = {task = "mean_sign", records = 60, validation_records = 20}
model = {units = [6]}
training = {learning_rate = 3e-2, batch_size = 10, epochs = 12}
converged = {metric = "loss", at_most = 0.45}
[[case]]
name = "slow"
expect = "fails"
diagnosis = "STATED"
training.learning_rate = 1e-6
[[case]]
name = "usual"
expect = "converges"
remedies = "slow"
"""


def scenario(folder: Path, stated: str = "learning_rate_too_low") -> Scenario:
    path = folder / "rates.toml"
    path.write_text(FILE.replace("STATED", stated), encoding="utf-8")
    return load(path, "rates")


def outcome(found: Scenario, name: str) -> Outcome:
    [case] = [each for each in found.cases if each.name == name]
    trainer = Trainer(None, 1, Journal(Path(os.devnull)))
    try:
        return Trial(found, Work(case, "eager", "cpu"), None).run(trainer, Gate("off", "off", 1))
    finally:
        trainer.close()


def test_a_failing_case_names_its_cause_and_the_case_that_mends_it(tmp_path: Path) -> None:
    found = outcome(scenario(tmp_path), "slow")
    assert found.outcome == "pass"
    first = found.diagnosis[0]
    assert (first.cause, first.confirmed) == ("learning_rate_too_low", True)
    assert first.confirmation == (
        "training.learning_rate = 0.03 (case usual): 0 of 4 -> 4 of 4 seeds"
    )
    assert Outcome.from_dict(found.to_dict()).diagnosis == found.diagnosis


@pytest.mark.parametrize(("stated", "seeds"), [("learning_rate_too_low", 1), ("no_signal", 2)])
def test_seeds_are_looked_at_until_one_agrees_with_the_file_or_two_with_each_other(
    tmp_path: Path, stated: str, seeds: int
) -> None:
    how = outcome(scenario(tmp_path, stated), "slow").diagnosed_by
    assert how == f"{seeds} of 12 failed seeds were trained once more under watch"


@pytest.mark.parametrize("stated", ["exploding_gradient", "too_few_epochs"])
def test_a_cause_that_is_not_the_stated_one_fails_the_case(tmp_path: Path, stated: str) -> None:
    found = outcome(scenario(tmp_path, stated), "slow")
    assert found.outcome == "fail"
    assert f"not for the stated reason {stated}" in found.sentence
    assert "its diagnosis is learning_rate_too_low" in found.sentence


def test_a_case_that_does_as_claimed_is_not_looked_at(tmp_path: Path) -> None:
    found = outcome(scenario(tmp_path), "usual")
    assert (found.outcome, found.diagnosis, found.diagnosed_by) == ("pass", (), "")


def test_own_code_is_watched_on_a_worker_which_it_may_take_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = scenario(tmp_path)
    failed = replace(outcome(file, "slow"), diagnosis=())
    own = file.cases[0].model.model_copy(update={"factory": "mine:Net"})
    work = Work(file.cases[0].model_copy(update={"model": own}), "eager", "cpu")
    there = Trainer(lambda: ThreadPoolExecutor(1), 1, Journal(Path(os.devnull)))

    def killed(*_: object) -> None:
        raise TrainingError("seed 0: its worker failed twice")

    monkeypatch.setattr(there, "call", killed)
    found = diagnosed(failed, work, file, there)
    assert (found.outcome, found.diagnosis) == (failed.outcome, ())
    assert found.diagnosed_by == (
        "no diagnosis: training once more under watch: seed 0: its worker failed twice"
    )
