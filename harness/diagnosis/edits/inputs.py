"""Inputs that are standardised at the model's door."""
# ruff: noqa: PLC0415 - torch and Keras are imported when they are needed

from collections.abc import Callable
from typing import Any

from harness.diagnosis.edits.door import Door
from harness.diagnosis.edits.edit import Edit
from harness.diagnosis.edits.fitted import Fitted


class Standardised(Edit):
    """For inputs that are not normalised."""

    name = "standardising the inputs"

    def in_torch(self) -> None:
        """Standardise what comes into the outermost module."""
        import torch

        door = Door()

        def standardising(call: Callable[..., Any]) -> Callable[..., Any]:
            def called(module: Any, *args: Any, **kwargs: Any) -> Any:
                with door.passed(module) as outermost:
                    if outermost and args and self._fit(args[0]):
                        args = (self._standardised(args[0]), *args[1:])
                    return call(module, *args, **kwargs)

            return called

        self.patches.replace(torch.nn.Module, "__call__", standardising)

    def _fit(self, values: Any) -> bool:
        """Whether these are inputs as the script has them, with the features that were measured."""
        known = self.scales.inputs
        if known is None or self.in_fit or not bool(getattr(values, "is_floating_point", bool)()):
            return False
        return not values.requires_grad and known.fit(values)

    def _standardised(self, values: Any) -> Any:
        known = self.scales.inputs
        assert known is not None  # noqa: S101 - `_fit` has asked
        self.acted = True
        return (values - values.new_tensor(known.mean)) / values.new_tensor(known.spread)

    def in_keras(self) -> None:
        """Standardise what is fitted, with its own statistics."""
        Fitted(self, "x").install()
