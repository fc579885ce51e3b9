"""A forget gate that is open at the start: a bias of 1 (Jozefowicz et al. 2015)."""
# ruff: noqa: PLC0415 - torch and Keras are imported when they are needed

from collections.abc import Callable
from typing import Any
from weakref import WeakSet

from harness.diagnosis.edits.edit import Edit

BIAS, OPEN = 1.0, 0.9
"""The bias that is given, and the mean one from which a gate is as open already."""


class ForgetBias(Edit):
    """For gradients that vanish over time in an LSTM."""

    name = "a forget bias of 1"
    rules_out = False  # a gradient may vanish through an open gate, or elsewhere

    def in_torch(self) -> None:
        """Set it when a layer is called first: whatever has drawn its weights has done so."""
        import torch

        met: WeakSet[Any] = WeakSet()

        def opening(forward: Callable[..., Any]) -> Callable[..., Any]:
            def opened(layer: Any, *args: Any, **kwargs: Any) -> Any:
                if layer not in met:
                    met.add(layer)
                    with torch.no_grad():
                        self._open(layer)
                return forward(layer, *args, **kwargs)

            return opened

        for kind in (torch.nn.LSTM, torch.nn.LSTMCell):
            self.patches.replace(kind, "forward", opening)

    def _open(self, layer: Any) -> None:
        """Share the bias between the two that PyTorch adds."""
        units = slice(layer.hidden_size, 2 * layer.hidden_size)
        for name, one in layer.named_parameters():
            if name.startswith("bias_ih"):
                other = getattr(layer, name.replace("_ih", "_hh"))
                if float((one[units] + other[units]).mean()) < OPEN:
                    one[units], other[units], self.acted = BIAS, 0.0, True

    def in_keras(self) -> None:
        """Set it before the first fit, where the layer was told not to (``unit_forget_bias``)."""
        met: WeakSet[Any] = WeakSet()

        def opened(model: Any, given: dict[str, Any]) -> None:
            if model not in met:
                met.add(model)
                if not model.built and hasattr(given.get("x"), "shape"):
                    model.build((None, *given["x"].shape[1:]))
                self._open_cells(model)

        self.before_fit(opened)

    def _open_cells(self, model: Any) -> None:
        import keras

        for layer in model._flatten_layers():  # noqa: SLF001 - the only way to cells in wrappers
            if not isinstance(layer, keras.layers.LSTMCell) or layer.bias is None:
                continue
            bias = keras.ops.convert_to_numpy(layer.bias).copy()
            units = slice(layer.units, 2 * layer.units)
            if bias[units].mean() < OPEN:
                bias[units], self.acted = BIAS, True
                layer.bias.assign(bias)
