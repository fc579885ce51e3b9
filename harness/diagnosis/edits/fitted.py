"""Arrays that Keras is given, in another scale."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from harness.diagnosis.edits.edit import FIT
from harness.diagnosis.edits.feature_scales import Features, features

if TYPE_CHECKING:
    from harness.diagnosis.edits.edit import Edit


class Fitted:
    """Inputs or targets of `fit` with mean 0 and spread 1, and the same in what asks the model.

    Args:
        edit: that this is part of.
        name: ``x`` or ``y``.
    """

    def __init__(self, edit: "Edit", name: str) -> None:
        self.edit = edit
        self.name = name
        self.place = FIT.index(name)
        self._known: Features | None = None
        self._inside = False

    def install(self) -> None:
        """Wait for calls of a model's methods."""
        import keras  # noqa: PLC0415 - where the script has imported it

        for method in ("fit", "evaluate", "predict", "predict_on_batch"):
            self.edit.patches.replace(keras.Model, method, partial(self._method, method))

    def _method(self, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def method(model: Any, *args: Any, **kwargs: Any) -> Any:
            if self._inside or not (name == "fit" or self._known):
                return original(model, *args, **kwargs)  # `fit` evaluates what it was given
            kwargs |= dict(zip(FIT, args, strict=False))
            self._scale(kwargs)
            self._inside = self.edit.in_fit = True
            try:
                answer = original(model, *args[len(FIT) :], **kwargs)
            finally:
                self._inside = False
            return self._scaled_back(answer) if name.startswith("predict") else answer

        return method

    def _scale(self, given: dict[str, Any]) -> None:
        if self.name in given:
            given[self.name] = self.scaled(given[self.name])
        held_out = given.get("validation_data")
        if isinstance(held_out, tuple) and len(held_out) > self.place:
            parts = list(held_out)
            parts[self.place] = self.scaled(parts[self.place])
            given["validation_data"] = tuple(parts)

    def scaled(self, values: Any) -> Any:
        """An array in the scale of the first one that was fitted."""
        if not isinstance(values, np.ndarray) or values.dtype.kind not in "fiu":
            return values
        self.edit.acted = True
        if self._known is None:
            self._known = features(values)
        return self._known.standardise(values)

    def _scaled_back(self, answer: Any) -> Any:
        of_targets = self.name == "y" and self._known is not None
        if not of_targets or not isinstance(answer, np.ndarray) or self._known is None:
            return answer
        return self._known.scale_back(answer)
