"""Where the self-test is run, and why a change cannot act there."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from harness import backends
from harness.backends import Backend
from harness.history import History, Stop
from harness.selftest.cases import CASES
from harness.selftest.fault import Change

COMPARED = (
    *("train_loss", "train_metric", "validation_loss", "validation_metric"),
    *("gradient_norm", "update_ratio", "first_losses"),
)
"""What training shows: two histories that agree in these, to the bit, are of the same training."""


@dataclass(frozen=True)
class Target:
    """A backend and a device.

    Attributes:
        backend: ``None`` for the one that each change was written for.
        device: as in `Backend.train`.
    """

    backend: str | None = None
    device: str = "cpu"
    _clean: dict[str, History] = field(default_factory=dict, compare=False, repr=False)

    def backend_of(self, change: Change) -> str:
        """Return the backend that a change is examined on."""
        return self.backend or change.backend

    def unavailable(self) -> str | None:
        """Return the backend's message if it cannot run on this device here.

        Raises:
            BackendError: if there is no such backend, or if it cannot be loaded.
        """
        return backends.get(self.backend or "eager").unavailable(self.device)

    def cannot_act(self, change: Change) -> str | None:
        """Return why a change cannot act here, or ``None`` if it can.

        On other backends than its own that is found by training one seed with it and without.
        """
        name, case = self.backend_of(change), CASES[change.case]
        own = name == change.backend
        if not own and change.backend == "ensemble":
            return f"it is in the ensemble's own code, which {name} does not run"
        backend = backends.get(name)
        unsupported = backend.unsupported(case)
        if unsupported is not None:
            return f"{name} cannot train its case: {unsupported}"
        if (own and self.device == "cpu") or change.leaves_all:
            return None
        return self._told_by_training(change, backend, own=own)

    def _told_by_training(self, change: Change, backend: Backend, *, own: bool) -> str | None:
        case = CASES[change.case]

        def trained() -> History:
            (history,) = backend.train(case, [0], self.device, lambda *_: None)
            return history

        if case.name not in self._clean:
            self._clean[case.name] = trained()
        clean = self._clean[case.name]
        with change.inject():
            changed = trained()
        if changed.stopped is Stop.CRASHED and clean.stopped is not Stop.CRASHED:
            return f"it raises on {self.device}, and so is not silent: {changed.message}"
        if not own and all(_same(clean, changed, name) for name in COMPARED):
            return f"training on {backend.name} is the same to the bit with it"
        return None


def _same(one: History, other: History, name: str) -> bool:
    found: tuple[Any, Any] = getattr(one, name), getattr(other, name)
    return np.array_equal(*found, equal_nan=True)
