"""What a module keeps from call to call beside its parameters: buffers and plain attributes.

A module may carry a state on purpose, or update a norm's estimate at every call. What Python can
see is put back before a call is repeated; what a kernel keeps is not, and shows.
"""

from typing import Any

from torch import Tensor, nn

OWN = {"_parameters", "_buffers", "_modules", "training"}
"""Attributes of `nn.Module` that calls do not change, or that are kept otherwise."""


class Memory:
    """The memory of a module and its parts at one moment."""

    def __init__(self, model: nn.Module) -> None:
        self._kept = [
            (
                module,
                {name: _copy(value) for name, value in vars(module).items() if name not in OWN},
                {name: _copy(buffer) for name, buffer in vars(module)["_buffers"].items()},
            )
            for module in model.modules()
        ]

    def restore(self) -> None:
        """Put everything back."""
        for module, attributes, buffers in self._kept:
            for name in vars(module).keys() - attributes.keys() - OWN:
                del vars(module)[name]
            vars(module).update({name: _copy(value) for name, value in attributes.items()})
            vars(module)["_buffers"].update({name: _copy(b) for name, b in buffers.items()})


def _copy(value: Any) -> Any:
    """Copy tensors that may be changed in place, within lists, tuples and dictionaries too."""
    if isinstance(value, Tensor):
        return value if isinstance(value, nn.Parameter) or value.requires_grad else value.clone()
    if type(value) in (list, tuple):
        return type(value)(map(_copy, value))
    if type(value) is dict:
        return {name: _copy(each) for name, each in value.items()}
    return value
