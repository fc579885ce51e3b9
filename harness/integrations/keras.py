"""Keras: what `Model.fit` reports at the end of each epoch."""

from collections.abc import Mapping
from typing import Any, final

from keras.callbacks import Callback

from harness.integrations.handover import Fit, Handover, recorded
from harness.scenario.own import Train


@final
class Recorder(Callback):  # type: ignore[misc]  # an extra, which mypy may not find
    """Hands over the logs of each epoch: ``loss``, ``val_loss`` and the compiled metrics."""

    def __init__(self, handover: Handover) -> None:
        super().__init__()
        self._handover = handover

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Record an epoch."""
        del epoch
        self._handover.record(dict(logs or {}))


def train(fit: Fit[Recorder]) -> Train:
    """Make a function for ``convergence.check`` of one that fits.

    Args:
        fit: called with a seed and the callback to give to its ``model.fit(callbacks=[callback])``.
    """
    return recorded(fit, Recorder)
