"""What a backend is, and how it is found."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import cache, cached_property
from itertools import groupby
from typing import Any

from harness.backends.plugins import Plugins
from harness.backends.source import package_source
from harness.history import History
from harness.scenario import Case

Watch = Callable[[int, int], None]
"""Called with (seed, epoch) as training goes on, so that a person can be shown."""


class BackendError(Exception):
    """A backend or device that was asked for cannot be used; the message says why."""


class Backend(ABC):
    """Trains cases. Subclasses are final and keep no state between calls."""

    name: str
    batches_seeds: bool = False
    """Whether many seeds of a case in one call of `train` cost less than one call each."""
    batches_cases: bool = False
    """Whether `train_many` trains seeds of several cases together, at less cost than apart."""
    opens_batch: bool = False
    """Whether `open` gives all seeds as one `EnsembleRun`, instead of one seed's `EagerRun`."""
    vendor_kernels: bool = True
    """Whether recurrent layers on an accelerator are its vendor's, and round as those do."""

    @cached_property
    def identity(self) -> str:
        """What trains, to the letter: name, package and its version, digest of its source.

        Two runs of equal identity on one machine train the same numbers.
        """
        source = package_source(type(self).__module__)
        return " ".join(filter(None, (self.name, BACKENDS.package(self.name), source)))

    def unavailable(self, device: str) -> str | None:
        """Return why this backend cannot run on ``device`` here, or ``None`` if it can."""
        del device
        return None

    def unsupported(self, case: Case) -> str | None:
        """Return why this backend cannot train ``case``, or ``None`` if it can."""
        del case
        return None

    def lacks(self, case: Case, device: str) -> str | None:
        """Return why ``device`` cannot compute ``case``, which this backend supports elsewhere."""
        del case, device
        return None

    @abstractmethod
    def train(self, case: Case, seeds: Sequence[int], device: str, watch: Watch) -> list[History]:
        """Train one model per seed until it converges, fails or runs out of budget.

        Data, starting weights and batch order are made from the seed, in NumPy. What a run
        raises is recorded in its history (``Stop.CRASHED``), never raised.

        Returns:
            One history per seed, in the order of ``seeds``.
        """

    def train_many(
        self, jobs: Sequence[tuple[Case, int]], device: str, watch: Watch
    ) -> list[History]:
        """Train (case, seed) pairs: here one call of `train` for each run of seeds of one case.

        Returns:
            One history per pair, in their order.
        """
        by_case = groupby(jobs, lambda job: job[0])
        return [
            history
            for case, pairs in by_case
            for history in self.train(case, [seed for _, seed in pairs], device, watch)
        ]

    def open(
        self, case: Case, seeds: Sequence[int], device: str
    ) -> AbstractContextManager[Any] | None:
        """Return a run of ``seeds`` at its start, for probes to step and look into.

        With ``opens_batch`` it is one model of all seeds; else one seed is asked for.
        Nothing is made before the context is entered.

        Returns:
            ``None`` from a backend that shows its histories only.
        """
        del case, seeds, device
        return None

    @abstractmethod
    def epoch(self, case: Case, device: str) -> Callable[[], int]:
        """Prepare one epoch of seed 0 from its starting weights, without evaluation.

        Returns:
            A function that trains that epoch once and returns the number of steps; everything
            that is not training is done by the time this method returns.
        """


BACKENDS = Plugins(
    "harness.backends",
    "backend",
    Backend,  # type: ignore[type-abstract]  # entry points name its subclasses
    BackendError,
)


@cache
def get(name: str) -> Backend:
    """Return the backend called ``name``.

    Raises:
        BackendError: if there is none, with the nearest valid name, or if it cannot be loaded.
    """
    return BACKENDS.make(name)
