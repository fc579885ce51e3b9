"""Recurrent modules of PyTorch: the gates of their parameters, and how to copy one."""

from typing import Any, TypeVar, cast

import torch
from torch import Tensor, nn

from harness.scenario.vocabulary import CELLS

Recurrent = TypeVar("Recurrent", bound=nn.RNNBase)

GATES: dict[str, tuple[str, ...]] = {
    "LSTM": CELLS["lstm"].gates,
    "GRU": ("reset", "update", "new"),
    "RNN_TANH": ("hidden",),
    "RNN_RELU": ("hidden",),
}
"""By `nn.RNNBase.mode`, in the order of a parameter's rows (PyTorch's documentation)."""

MODES: dict[type[nn.Module], str] = {
    nn.LSTMCell: "LSTM",
    nn.GRUCell: "GRU",
    nn.RNNCell: "RNN_TANH",
}

HELD = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
"""Parameters whose rows are those of all gates; a projection's are not."""


def gates_of(module: nn.Module, parameter: str) -> tuple[str, ...]:
    """Return the gates that a parameter's rows belong to, in their order; none if it has none."""
    if not parameter.startswith(HELD):
        return ()
    if isinstance(module, nn.RNNBase):
        return GATES[module.mode]
    mode = next((mode for kind, mode in MODES.items() if isinstance(module, kind)), None)
    if mode is None and hasattr(module, "weight_hh_l0"):
        mode = "LSTM"  # `ActivationLSTM`
    return GATES[mode] if mode else ()


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
