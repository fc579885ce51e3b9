"""What a user's generator yields becomes a history, and it is closed once that is decided."""

import math
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from harness.backends.own.generator import record
from harness.history import Stop
from harness.results.seed_run import seed_run
from harness.scenario.rule import Bound, Rule
from harness.verdict import Symptom

ACCURATE = Rule((Bound("accuracy", at_least=0.9),), hold=2, budget=20)


def unwatched(seed: int, evaluation: int) -> None:
    """Nobody looks on."""


def rising(seed: int) -> Iterator[dict[str, float]]:
    for epoch in range(1000):
        yield {"loss": 1 / (1 + epoch), "accuracy": 0.1 * epoch}


def test_a_run_that_meets_its_bound_for_as_long_as_it_must_hold_is_closed_then() -> None:
    closed = []

    def train(seed: int) -> Iterator[dict[str, float]]:
        try:
            yield from rising(seed)
        finally:
            closed.append(seed)

    history = record(train, 3, ACCURATE, unwatched)
    assert (history.seed, history.stopped, history.epochs) == (3, Stop.CONVERGED, 11)
    assert closed == [3]
    assert history.train_metric[-1] == pytest.approx(1.0)
    assert math.isnan(history.train_metric[0])


def test_a_budget_ends_a_run_that_never_would() -> None:
    rule = Rule((Bound("accuracy", at_least=1000.0),), budget=7)
    assert record(rising, 0, rule, unwatched).stopped is Stop.BUDGET
    assert record(rising, 0, rule, unwatched).epochs == 7


def test_a_run_that_ends_by_itself_has_spent_its_budget() -> None:
    history = record(lambda seed: iter([{"loss": 1.0}] * 3), 0, _falls(0.5), unwatched)
    assert (history.stopped, history.epochs) == (Stop.BUDGET, 3)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_loss_that_is_not_finite_ends_the_run_as_a_result(bad: float) -> None:
    def train(seed: int) -> Iterator[dict[str, float]]:
        yield {"loss": 1.0}
        yield {"loss": bad}
        raise AssertionError("it must be closed before")

    assert record(train, 0, _falls(0.5), unwatched).stopped is Stop.NON_FINITE


@pytest.mark.parametrize(("huge", "kept"), [(10**400, math.inf), (-(10**400), -math.inf)])
def test_a_whole_number_beyond_all_floats_is_infinite(huge: int, kept: float) -> None:
    history = record(lambda seed: iter([{"loss": huge}]), 0, _falls(0.5), unwatched)
    assert (history.stopped, history.message) == (Stop.NON_FINITE, "")
    assert history.train_loss[-1] == kept


def test_one_that_raises_as_it_is_closed_has_crashed(tmp_path: Path) -> None:
    def train(seed: int) -> Iterator[dict[str, float]]:
        try:
            yield {"loss": 0.1}
        finally:
            (tmp_path / "never_written").unlink()

    history = record(train, 0, _falls(0.5), unwatched)
    assert history.message.startswith("FileNotFoundError: ")
    assert seed_run(history, _falls(0.5).criterion).symptom is Symptom.CRASHED


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # it is the test
def test_one_that_goes_on_after_it_was_closed_is_told_why() -> None:
    def train(seed: int) -> Iterator[dict[str, float]]:
        while True:
            with suppress(BaseException):  # the mistake
                yield {"loss": 0.1}

    history = record(train, 0, _falls(0.5), unwatched)
    assert history.stopped is Stop.CRASHED
    assert "train(seed=0) goes on after it was closed" in history.message


def test_of_several_bounds_all_have_to_be_met_at_once() -> None:
    rule = Rule((Bound("accuracy", at_least=0.3), Bound("loss", at_most=0.1)), budget=50)
    history = record(rising, 0, rule, unwatched)
    assert history.stopped is Stop.CONVERGED
    assert history.epochs == 10
    np.testing.assert_allclose(history.train_metric[[3, 4, 10]], [0.0, 0.5, 1.0])


def test_without_a_loss_the_distance_from_the_bound_stands_in() -> None:
    history = record(lambda seed: iter([{"r2": 0.2}, {"r2": 0.6}]), 0, _rises("r2"), unwatched)
    np.testing.assert_allclose(history.train_loss[1:], [0.7, 0.3])


def test_numbers_of_other_libraries_count() -> None:
    torch = pytest.importorskip("torch")
    values = [np.float32(0.5), np.array([0.5]), torch.tensor(0.5), torch.tensor([[0.5]])]
    for value in values:
        history = record(lambda seed, v=value: iter([{"loss": v}]), 0, _falls(0.5), unwatched)  # type: ignore[misc]  # mypy infers no type of a default
        assert history.stopped is Stop.CONVERGED


@pytest.mark.parametrize(
    ("yielded", "told"),
    [
        (0.3, 'expected a mapping such as {"loss": 0.3}, got float 0.3'),
        ({1: 0.3}, "names of metrics are texts, got int 1"),
        ({"loss": "0.3"}, "'loss' must be a number, got str '0.3'"),
        ({"loss": True}, "'loss' must be a number, got bool True"),
        ({"loss": np.zeros(3)}, "'loss' must be a number, got ndarray"),
        ({"acc": 0.3}, "lacks 'loss', which the claim is about; it has 'acc'"),
        ({}, "lacks 'loss', which the claim is about; it has nothing"),
    ],
)
def test_what_is_no_evaluation_is_refused_with_its_place(yielded: object, told: str) -> None:
    history = record(lambda seed: iter([{"loss": 1.0}, yielded]), 4, _falls(0.5), unwatched)
    assert history.message.startswith("evaluation 2 of train(seed=4): ")
    assert told in history.message
    assert (history.stopped, history.traceback, history.epochs) == (Stop.CRASHED, "", 1)


def test_a_training_that_yields_nothing_is_a_mistake() -> None:
    history = record(lambda seed: iter([]), 0, _falls(0.5), unwatched)
    assert history.message == "train(seed=0) ended without yielding an evaluation"


def test_a_function_that_returns_instead_of_yielding_is_told_to_yield() -> None:
    history = record(lambda seed: {"loss": 0.1}, 0, _falls(0.5), unwatched)  # type: ignore[arg-type,return-value]  # the mistake
    assert "train(seed=0) returned dict: it must yield" in history.message


def test_what_it_yielded_before_it_raised_is_kept_with_its_own_traceback() -> None:
    def train(seed: int) -> Iterator[dict[str, float]]:
        for _ in range(10):
            yield {"loss": 1.0}
        raise RuntimeError("no more records")

    history = record(train, 0, _falls(0.5), unwatched)
    assert (history.stopped, history.epochs) == (Stop.CRASHED, 10)
    assert history.message == "RuntimeError: no more records"
    assert "test_generator.py" in history.traceback
    assert 'generator.py", line' not in history.traceback.replace("test_generator.py", "")


def test_a_metric_that_is_left_out_from_time_to_time_is_unknown_there() -> None:
    rows = [{"accuracy": 0.1, "loss": 0.5}, {"accuracy": 0.2}, {"accuracy": 0.3, "loss": 0.3}]
    history = record(lambda seed: iter(rows), 0, _rises("accuracy"), unwatched)
    np.testing.assert_array_equal(history.train_loss[1:], [0.5, math.nan, 0.3])
    assert history.stopped is Stop.BUDGET


def test_one_that_never_ends_is_told_to_have_a_budget() -> None:
    def train(seed: int) -> Iterator[dict[str, float]]:
        while True:
            yield {"loss": 1.0}

    history = record(train, 0, _falls(0.5), unwatched)
    assert history.message == (
        "train(seed=0) has yielded 100,000 evaluations and does not end: give a budget"
    )
    assert history.epochs == 0


def test_a_child_that_it_forks_and_lets_come_back_ends_there(
    capfd: pytest.CaptureFixture[str],
) -> None:
    def train(seed: int) -> Iterator[dict[str, float]]:
        child = os.fork()
        if child:
            os.waitpid(child, 0)
        yield {"loss": 1.0}

    history = record(train, 0, _falls(0.5), unwatched)
    assert (history.message, history.epochs) == ("", 1)
    assert capfd.readouterr().err == (
        "train(seed=0) forked, and its child came back: it ends here; use os._exit in it\n"
    )


def _falls(level: float) -> Rule:
    return Rule((Bound("loss", at_most=level),))


def _rises(metric: str) -> Rule:
    return Rule((Bound(metric, at_least=0.9),))
