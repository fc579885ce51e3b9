"""Trains what its owner wrote: a function that yields metrics, in any framework or none."""

from collections.abc import Callable, Sequence
from typing import NoReturn, final

from harness.backends.base import Backend, Watch
from harness.backends.loop import attempt
from harness.backends.own.evaluations import EvaluationError
from harness.backends.own.generator import record
from harness.history import History, crashed
from harness.scenario import Case, OwnCase


@final
class Own(Backend):
    """Calls the user's function once per seed; nothing of it is known but what it yields."""

    name = "own"

    def unsupported(self, case: Case) -> str | None:
        """Return why a scenario's case is not trained: it declares a model to be built."""
        return None if isinstance(case, OwnCase) else "trains a test's own function, no scenario"

    def train(self, case: Case, seeds: Sequence[int], device: str, watch: Watch) -> list[History]:
        """Train the seeds one after another."""
        del device  # the function's own business
        assert isinstance(case, OwnCase)  # noqa: S101  # `unsupported` refuses others
        return [_train_seed(case, seed, watch) for seed in seeds]

    def epoch(self, case: Case, device: str) -> Callable[[], int]:
        """Own training is not benchmarked step by step: where a step ends is not known."""
        return _no_steps(case, device)


def _no_steps(*_: object) -> NoReturn:
    raise NotImplementedError("own training has no steps that could be timed")


def _train_seed(case: OwnCase, seed: int, watch: Watch) -> History:
    return attempt(lambda: _recorded(case, seed, watch), lambda crash: crashed(seed, *crash))


def _recorded(case: OwnCase, seed: int, watch: Watch) -> History:
    try:
        return record(case.train, seed, case.rule, watch)
    except EvaluationError as mistake:
        return crashed(seed, str(mistake))
