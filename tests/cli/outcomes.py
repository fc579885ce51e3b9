"""What commands report on: outcomes of canned histories, and what they say of mistakes."""

from pathlib import Path

import numpy as np
import pytest

from harness.history import History, Stop
from harness.results.declaration import declaration
from harness.results.outcome import Outcome
from harness.results.seed_run import seed_run
from harness.scenario import Case, load

Text = pytest.CaptureFixture[str]


def outcome(scenario: Path, epochs: int = 20) -> Outcome:
    """Return the outcome of 12 seeds that converge after about ``epochs`` epochs each."""
    case = load(scenario, "training/rate").cases[1]
    histories = [history(seed, epochs + seed % 3) for seed in range(12)]
    return outcome_of(case, histories)


def outcome_of(case: Case, histories: list[History]) -> Outcome:
    runs = tuple(seed_run(each, case.converged) for each in histories)
    return Outcome(
        **vars(declaration(case, "?", case.fingerprint)), backend="eager", device="cpu", runs=runs
    )


def history(seed: int, epochs: int) -> History:
    loss, none = np.linspace(0.7, 0.01, epochs + 1), np.full(epochs + 1, np.nan)
    return History(
        seed=seed,
        stopped=Stop.CONVERGED,
        train_loss=loss,
        train_metric=np.append(np.full(epochs, 0.5), 1.0),
        validation_loss=none,
        validation_metric=none,
        layers=("lstm.0",),
        gradient_norm=np.ones((epochs, 1)),
        update_ratio=np.ones((epochs, 1)),
        first_losses=loss[:3],
        steps=epochs,
        seconds=0.1,
    )


def one_line_on_stderr(capsys: Text) -> str:
    printed = capsys.readouterr()
    (line,) = printed.err.splitlines()
    return line
