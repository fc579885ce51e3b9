"""Targets that are scaled: the network learns them with mean 0 and spread 1."""
# ruff: noqa: PLC0415 - torch and Keras are imported when they are needed

from collections.abc import Callable
from typing import Any

from harness.diagnosis.edits.door import Door
from harness.diagnosis.edits.edit import Edit
from harness.diagnosis.edits.fitted import Fitted


class ScaledTargets(Edit):
    """For targets that an untrained network is far from."""

    name = "scaling the targets"

    def in_torch(self) -> None:
        """Scale what comes out of the outermost module back, and its gradient as little.

        The script's own loss, and all that it computes besides, then meet predictions in its own
        unit, while the network is trained as by scaled targets.
        """
        from torch.nn import Module
        from torch.nn.modules.module import register_module_forward_hook

        door = Door()

        def passing(call: Callable[..., Any]) -> Callable[..., Any]:
            def called(module: Any, *args: Any, **kwargs: Any) -> Any:
                with door.passed(module):
                    return call(module, *args, **kwargs)

            return called

        def scale(module: Any, args: Any, output: Any) -> Any:
            del args
            return self._scaled(output) if door.is_last(module) and self._fit(output) else None

        self.patches.replace(Module, "__call__", passing)
        self._hooks.append(register_module_forward_hook(scale))

    def _fit(self, output: Any) -> bool:
        """Whether these are predictions of what was measured."""
        known = self.scales.targets
        if known is None or self.in_fit or not bool(getattr(output, "is_floating_point", bool)()):
            return False
        of_record = output[0].numel() if output.dim() and len(output) else 1
        return of_record == self.scales.of_target and len(known.mean) in (1, *output.shape[-1:])

    def _scaled(self, output: Any) -> Any:
        known = self.scales.targets
        assert known is not None  # noqa: S101 - `_fit` has asked
        self.acted = True
        mean, spread = output.new_tensor(known.mean), output.new_tensor(known.spread)
        if output.requires_grad:
            # squared errors of scaled targets are smaller by the square of their spread, and the
            # network's output is multiplied by it: one factor is left
            divisor = spread if self.scales.absolute else spread.square()
            output.register_hook(lambda gradient: gradient / divisor)
        return output * spread + mean

    def in_keras(self) -> None:
        """Scale what is fitted, and predictions back."""
        Fitted(self, "y").install()
