"""An output with the function that its loss takes, instead of another one."""
# ruff: noqa: PLC0415 - torch and Keras are imported when they are needed

import sys
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

from harness.diagnosis.edits.edit import Edit

APPLIED = ("softmax", "log_softmax", "sigmoid", "tanh", "relu")
"""Functions that may stand where they should not, or be missing."""

TAKEN = {
    "binary_cross_entropy": "sigmoid",
    "nll_loss": "log_softmax",
    "cross_entropy": "",
    "binary_cross_entropy_with_logits": "",
    "mse_loss": "",
    "l1_loss": "",
    "smooth_l1_loss": "",
    "huber_loss": "",
}
"""What each loss of PyTorch takes: the output of this function, or of none."""

TAKEN_BY_KERAS = {
    "binary_crossentropy": "sigmoid",
    "categorical_crossentropy": "softmax",
    "sparse_categorical_crossentropy": "softmax",
    "mean_squared_error": "linear",
    "mean_absolute_error": "linear",
    "huber": "linear",
}


class FittingOutput(Edit):
    """For an output's function that does not fit the loss.

    In PyTorch the place where a function is applied last is learnt from the first loss; from then
    on the other function is applied there.
    """

    name = "the output's function that the loss takes"

    def in_torch(self) -> None:
        """Listen to functions and losses."""
        import torch

        self._places: dict[Any, str] = {}
        self._applied: deque[tuple[Any, Any, str]] = deque(maxlen=64)
        for owner in (torch.Tensor, torch, torch.nn.functional):
            for name in APPLIED:
                self.patches.replace(owner, name, partial(self._function, name))
        for name in TAKEN:
            self.patches.replace(torch.nn.functional, name, partial(self._loss, name))

    def _function(self, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def function(values: Any, *args: Any, **kwargs: Any) -> Any:
            place = _place()
            if place in self._places:
                return _apply(self._places[place], values)
            made = original(values, *args, **kwargs)
            if not self.in_fit:
                self._applied.append((made.grad_fn, place, name))
            return made

        return function

    def _loss(self, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        wanted = TAKEN[name]

        def loss(output: Any, target: Any, *args: Any, **kwargs: Any) -> Any:
            if self.in_fit:
                return original(output, target, *args, **kwargs)
            place, found = self._last(output)
            self._applied.clear()
            if place is not None and found != wanted:
                self._places[place], self.acted = wanted, True
            elif place is None and wanted and not self._places:
                output, self.acted = _apply(wanted, output), True
            return original(output, target, *args, **kwargs)

        return loss

    def _last(self, output: Any) -> tuple[Any, str]:
        """Where the last function before a loss was applied, and which; only shapes lie between."""
        from harness.diagnosis.watch.graph import TRANSPARENT

        node = output.grad_fn
        while node is not None:
            for made, place, name in reversed(self._applied):  # those called by others come first
                if made is node:
                    return place, name
            if not any(part in type(node).__name__ for part in TRANSPARENT):
                break
            node = node.next_functions[0][0]
        return None, ""

    def in_keras(self) -> None:
        """Give the last layer the function that the compiled loss takes."""
        self.before_fit(lambda model, _: self._fit(model))

    def _fit(self, model: Any) -> None:
        import keras

        wanted = _taken_by(model)
        last = model.layers[-1] if model.layers else None
        if last is None or not wanted:
            return
        function = keras.activations.get(wanted)
        if isinstance(last, (keras.layers.Softmax, keras.layers.ReLU)):
            last.call, self.acted = lambda inputs, **_: function(inputs), True
        elif getattr(last, "activation", function) is not function:
            last.activation, self.acted = function, True


def _apply(name: str, values: Any) -> Any:
    """A function over the classes, by names that we do not listen to ourselves."""
    import torch

    if name == "log_softmax":
        return values - values.logsumexp(1, keepdim=True)
    return torch.special.expit(values) if name else values


def _place() -> Any:
    """What calls a function: a module of PyTorch's own, or a line of somebody's code."""
    frame = sys._getframe(2)  # noqa: SLF001 - the documented way to the caller
    if frame.f_globals.get("__name__") == "torch.nn.modules.activation":
        return id(frame.f_locals["self"])
    return frame.f_code, frame.f_lineno


def _taken_by(model: Any) -> str:
    """The function that a compiled loss takes; empty where it is not known."""
    import keras

    loss = model.loss
    if isinstance(loss, str):
        loss = keras.losses.get(loss)
    if getattr(loss, "_fn_kwargs", {}).get("from_logits"):
        return "linear"
    named = getattr(loss, "fn", loss)
    return TAKEN_BY_KERAS.get(getattr(named, "__name__", ""), "")
