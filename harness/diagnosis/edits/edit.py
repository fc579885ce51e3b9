"""What each edit is: a few functions of a framework that are replaced while a script runs."""

from collections.abc import Callable
from typing import Any, ClassVar

from harness.diagnosis.edits.feature_scales import Scales
from harness.diagnosis.watch.patches import Patches


class Edit:
    """One edit, and whether the script came to a place where it could be made.

    Args:
        patches: what is replaced, and put back.
        scales: of what the script trained on as it is written.

    Attributes:
        name: what is done, for a person: ``standardising the inputs``.
        helps_others: whether it often helps where another cause is at work.
        rules_out: whether the cause is gone with it, so that training in vain has another one.
        acted: whether the script came to such a place.
        in_fit: whether Keras' own loop trains, and not one of PyTorch: what it calls is its own.
    """

    name: ClassVar[str]
    helps_others: ClassVar[bool] = False
    rules_out: ClassVar[bool] = True

    def __init__(self, patches: Patches, scales: Scales | None = None) -> None:
        self.patches = patches
        self.scales = scales or Scales()
        self.acted = False
        self.in_fit = False
        self._hooks: list[Any] = []

    def in_torch(self) -> None:
        """Wait for the places in PyTorch; does nothing where there are none."""

    def in_keras(self) -> None:
        """Wait for those in Keras; does nothing where there are none."""

    def restore(self) -> None:
        """Put back what was replaced, and take hooks away."""
        self.patches.restore()
        while self._hooks:
            self._hooks.pop().remove()

    def before_fit(self, change: Callable[[Any, dict[str, Any]], None]) -> None:
        """Call a function with the model and the named arguments of each Keras ``fit``."""
        import keras  # noqa: PLC0415 - where the script has imported it

        def noted(model: Any, given: dict[str, Any]) -> None:
            self.in_fit = True
            change(model, given)

        self.patches.replace(keras.Model, "fit", lambda fit: _with_change(fit, noted))


FIT = ("x", "y", "batch_size")
"""The arguments of `fit`, `evaluate` and `predict` that are given by their place."""


def _with_change(
    original: Callable[..., Any], change: Callable[[Any, dict[str, Any]], None]
) -> Callable[..., Any]:
    def fit(model: Any, *args: Any, **kwargs: Any) -> Any:
        kwargs |= dict(zip(FIT, args, strict=False))
        change(model, kwargs)
        return original(model, *args[len(FIT) :], **kwargs)

    return fit
