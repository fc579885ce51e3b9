"""Recurrent modules of PyTorch: the gates of their parameters, and how to copy one."""

from typing import Any, TypeVar, cast

import torch
from torch import Tensor, nn

from harness.backends.torch.named_activations import NamedActivations
from harness.scenario.vocabulary import CELLS, CellName

Recurrent = TypeVar("Recurrent", bound=nn.RNNBase)

MODES: dict[str, CellName] = {"LSTM": "lstm", "GRU": "gru", "RNN_TANH": "rnn", "RNN_RELU": "rnn"}
"""The cell of an `nn.RNNBase.mode`."""

CELL_MODULES: dict[type[nn.Module], CellName] = {
    nn.LSTMCell: "lstm",
    nn.GRUCell: "gru",
    nn.RNNCell: "rnn",
}

HELD = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
"""Parameters whose rows are those of all gates; a projection's are not."""


def cell_of(module: nn.Module) -> CellName | None:
    """Return which cell a recurrent module computes; ``None``: it is no such module."""
    if isinstance(module, NamedActivations):
        return module.kind
    if isinstance(module, nn.RNNBase):
        return MODES[module.mode]
    return next((kind for made, kind in CELL_MODULES.items() if isinstance(module, made)), None)


def suffixes_of(module: nn.RNNBase | NamedActivations, level: int) -> list[str]:
    """Return what the names of a layer's parameters end with, by direction: ``_l0_reverse``."""
    if isinstance(module, NamedActivations):
        return [f"_l0{suffix}" for suffix in module.suffixes]
    return [f"_l{level}{suffix}" for suffix in ("", "_reverse")[: 1 + module.bidirectional]]


def gates_of(module: nn.Module, parameter: str) -> tuple[str, ...]:
    """Return the gates that a parameter's rows belong to, in their order; none if it has none."""
    kind = cell_of(module) if parameter.startswith(HELD) else None
    return CELLS[kind].gates if kind else ()


def copy_of(module: Recurrent) -> Recurrent:
    """Return a module of the same kind with the same weights and nothing else of the original.

    `copy.deepcopy` refuses what a norm computes into an attribute, and leaves cuDNN's weights in
    pieces, of which PyTorch warns.
    """
    kind: Any = {"LSTM": nn.LSTM, "GRU": nn.GRU}.get(module.mode, nn.RNN)
    named = {
        name: getattr(module, name)
        for name in ("num_layers", "bias", "batch_first", "dropout", "bidirectional")
    }
    if module.mode == "LSTM":
        named["proj_size"] = module.proj_size
    if kind is nn.RNN:
        named["nonlinearity"] = module.mode.removeprefix("RNN_").lower()
    like = cast("Tensor", module.weight_hh_l0)
    copied = kind(module.input_size, module.hidden_size, **named).to(like.device, like.dtype)
    with torch.no_grad():
        for name, parameter in copied.named_parameters():
            parameter.copy_(getattr(module, name))
    copied.flatten_parameters()
    result: Recurrent = copied
    return result
