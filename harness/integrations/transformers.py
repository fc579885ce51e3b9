"""Hugging Face: what a `Trainer` measures at each evaluation, or logs without evaluations."""

from collections.abc import Mapping
from typing import Any, final

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from harness.integrations.handover import Fit, Handover, recorded
from harness.scenario.own import Train


@final
class Recorder(TrainerCallback):  # type: ignore[misc]  # an extra, which mypy may not find
    """Hands over the numbers of each evaluation, under the names that the Trainer gives them."""

    def __init__(self, handover: Handover) -> None:
        self._handover = handover

    def on_evaluate(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        metrics: Mapping[str, Any] | None = None,
        **_others: Any,
    ) -> None:
        """Record an evaluation."""
        del args, state, control
        self._handover.record(_numbers(metrics))

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: Mapping[str, Any] | None = None,
        **_others: Any,
    ) -> None:
        """Record the training loss of a run that never evaluates."""
        del state, control
        if args.eval_strategy == "no" and "loss" in (logs or {}):
            self._handover.record(_numbers(logs))


def train(fit: Fit[Recorder]) -> Train:
    """Make a function for ``convergence.check`` of one that fits.

    Args:
        fit: called with a seed and the callback to give to its ``Trainer(callbacks=[callback])``.
    """
    return recorded(fit, Recorder)


def _numbers(metrics: Mapping[str, Any] | None) -> dict[str, float]:
    return {
        name: value for name, value in (metrics or {}).items() if isinstance(value, int | float)
    }
