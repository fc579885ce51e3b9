"""A framework's own fit, in a thread, as a generator of the metrics that its callback records."""

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from queue import Queue
from threading import Thread
from typing import Any, TypeVar

from harness.scenario.own import Train

Metrics = Mapping[str, Any]
Recorder = TypeVar("Recorder")
Fit = Callable[[int, Recorder], object]
"""Called with a seed and the callback that records, it fits."""


class Stopped(BaseException):
    """Raised in the fit once nobody wants more; no framework's ``except Exception`` keeps it."""


class Handover:
    """Hands evaluations from the thread of a fit to the one that judges them, one at a time.

    The fit waits while an evaluation is judged, so that it never trains further than it must.
    """

    def __init__(self) -> None:
        self._yielded: Queue[Metrics | BaseException | None] = Queue()
        self._wanted: Queue[bool] = Queue()

    def record(self, metrics: Metrics) -> None:
        """Hand over one evaluation; called by a callback, in the thread of the fit.

        Raises:
            Stopped: if it was the last one that anybody wants.
        """
        self._yielded.put(metrics)
        if not self._wanted.get():
            raise Stopped

    def metrics(self, fit: Callable[[], object]) -> Iterator[Metrics]:
        """Yield what is recorded while ``fit`` runs; closing the generator ends the fit.

        Raises:
            BaseException: whatever ``fit`` raises.
        """
        running = Thread(target=self._run, args=(fit,), daemon=True)
        running.start()
        try:
            while (found := self._yielded.get()) is not None:
                if isinstance(found, BaseException):
                    raise found
                yield found
                self._wanted.put(True)
        finally:
            self._wanted.put(False)
            running.join()

    def _run(self, fit: Callable[[], object]) -> None:
        try:
            fit()
        except Stopped:
            self._yielded.put(None)
        except BaseException as error:  # noqa: BLE001  # raised again where it is judged
            self._yielded.put(error)
        else:
            self._yielded.put(None)


def recorded(fit: Fit[Recorder], recorder: Callable[[Handover], Recorder]) -> Train:
    """Make a generator of metrics of a fit, for ``convergence.check``.

    It passes for the function that it wraps, so that it is sent to workers like that one.
    """

    @wraps(fit)
    def train(seed: int) -> Iterator[Metrics]:
        handover = Handover()
        return handover.metrics(lambda: fit(seed, recorder(handover)))

    return train
