"""What a backend is, and how it is found."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import cache
from importlib.metadata import entry_points
from typing import Protocol, runtime_checkable

from harness.history import History
from harness.scenario import Case
from harness.scenario.vocabulary import nearest

GROUP = "harness.backends"

Watch = Callable[[int, int], None]
"""Called with (seed, epoch) as training goes on, so that a person can be shown."""


class BackendError(Exception):
    """A backend or device that was asked for cannot be used; the message says why."""


class Backend(ABC):
    """Trains cases. Subclasses are final and keep no state between calls."""

    name: str
    batches_seeds: bool = False
    """Whether many seeds in one call of `train` cost less than one call each."""

    def unavailable(self, device: str) -> str | None:
        """Return why this backend cannot run on ``device`` here, or ``None`` if it can."""
        del device
        return None

    def unsupported(self, case: Case) -> str | None:
        """Return why this backend cannot train ``case``, or ``None`` if it can."""
        del case
        return None

    @abstractmethod
    def train(self, case: Case, seeds: Sequence[int], device: str, watch: Watch) -> list[History]:
        """Train one model a seed until it converges, fails or runs out of budget.

        Data, starting weights and batch order are made from the seed, in NumPy. What a run
        raises is recorded in its history (``Stop.CRASHED``), never raised.

        Returns:
            One history a seed, in the order of ``seeds``.
        """

    @abstractmethod
    def epoch(self, case: Case, device: str) -> Callable[[], int]:
        """Prepare one epoch of seed 0 from its starting weights, without evaluation.

        Returns:
            A function that trains that epoch once and returns the number of steps; everything
            that is not training is done by the time this method returns.
        """


@runtime_checkable
class TrainsMany(Protocol):
    """A backend to which seeds of several cases cost less in one call than one call each."""

    def train_many(
        self, jobs: Sequence[tuple[Case, int]], device: str, watch: Watch
    ) -> list[History]:
        """Train (case, seed) pairs as `Backend.train` would; return a history each, in order."""


def available() -> list[str]:
    """Return the names of all installed backends, sorted."""
    return sorted({point.name for point in entry_points(group=GROUP)})


def check(name: str) -> None:
    """Raise if no backend of that name is installed; nothing is imported.

    Raises:
        BackendError: with the nearest valid name.
    """
    if name not in available():
        raise BackendError(f"unknown backend {name!r}{nearest(name, available())}")


@cache
def get(name: str) -> Backend:
    """Return the backend called ``name``.

    Raises:
        BackendError: if there is none, with the nearest valid name, or if it cannot be loaded.
    """
    check(name)
    point = next(iter(entry_points(group=GROUP, name=name)))
    try:
        backend = point.load()()
    except Exception as error:  # whatever another package raises
        reason = f"{type(error).__name__}: {error}"
        raise BackendError(
            f"backend {name!r} ({point.value}) cannot be loaded: {reason}"
        ) from error
    if not isinstance(backend, Backend):
        raise BackendError(f"backend {name!r} ({point.value}) makes no harness.backends.Backend")
    return backend
