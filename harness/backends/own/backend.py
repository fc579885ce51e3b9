"""Trains what its owner wrote: a function that yields metrics, in any framework or none."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NoReturn, final

from harness.backends.base import Backend, Watch
from harness.backends.own.command import Command
from harness.backends.own.generator import record
from harness.history import History
from harness.scenario import Case, OwnCase
from harness.scenario.own import Train
from harness.scenario.own_training import OwnTraining
from harness.user_code import check_arguments, named


@final
class Own(Backend):
    """Calls the user's function once per seed; nothing of it is known but what it yields."""

    name = "own"

    def unsupported(self, case: Case) -> str | None:
        """Return why a scenario's case is not trained: it declares a model to be built."""
        return None if isinstance(case, OwnCase) else "trains a user's own function or command only"

    def train(self, case: Case, seeds: Sequence[int], device: str, watch: Watch) -> list[History]:
        """Train the seeds one after another; the device is the function's own business."""
        assert isinstance(case, OwnCase)  # noqa: S101  # `unsupported` refuses others

        def train(seed: int) -> Iterator[object]:
            return train_of(case, device)(seed)

        return [record(train, seed, case.rule, watch, case.called) for seed in seeds]

    def epoch(self, case: Case, device: str) -> Callable[[], int]:
        """Own training is not benchmarked step by step: where a step ends is not known."""
        return _no_steps(case, device)


def _no_steps(*_: object) -> NoReturn:
    raise NotImplementedError("own training has no steps that could be timed")


def train_of(case: OwnCase, device: str) -> Train:
    """Return what trains a seed: a test's function as it is, a file's as it names it.

    Raises:
        UserCodeError: if the named function does not exist or takes other arguments.
    """
    declared = case.train
    if not isinstance(declared, OwnTraining):
        return declared
    if declared.function is None:
        return Command(declared, case.directory, case.importable, device)
    function = named(declared.function)
    check_arguments(function, declared.function, "seed", **declared.arguments)
    return partial(_called, function, declared.arguments)


def _called(function: Callable[..., Iterator[object]], named_: dict[str, Any], seed: int) -> Any:
    return function(seed, **named_)
