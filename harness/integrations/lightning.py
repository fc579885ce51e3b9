"""Lightning: what a `Trainer` logs after each validation epoch, or training epoch without one."""

from typing import final

from lightning.pytorch import Callback, LightningModule, Trainer

from harness.integrations.handover import Fit, Handover, recorded
from harness.scenario.own import Train


@final
class Recorder(Callback):  # type: ignore[misc]  # an extra, which mypy may not find
    """Hands over `trainer.callback_metrics` whenever an evaluation is complete."""

    def __init__(self, handover: Handover) -> None:
        self._handover = handover

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Record an evaluation; the check before training is none."""
        del pl_module
        if not trainer.sanity_checking:
            self._record(trainer)

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Record an epoch of a training that is never validated."""
        del pl_module
        if not trainer.enable_validation:
            self._record(trainer)

    def _record(self, trainer: Trainer) -> None:
        self._handover.record({name: float(v) for name, v in trainer.callback_metrics.items()})


def train(fit: Fit[Recorder]) -> Train:
    """Make a function for ``convergence.check`` of one that fits.

    Args:
        fit: called with a seed and the callback to give to its ``Trainer(callbacks=[callback])``.
    """
    return recorded(fit, Recorder)
