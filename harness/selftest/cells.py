"""Faults of GRUs, of projected LSTMs, and of the gradients of their states and biases."""

from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

import torch
from torch import (
    _VF,  # what `nn.LSTM.forward` calls
    Tensor,
)

from harness.selftest.fault import SYNTHETIC, Fault
from harness.selftest.python_cells import PythonGRU, PythonProjected, ResetBefore
from harness.selftest.python_lstm import backward

GRU, PROJECTION = "GRU", "projection"


class _Accumulated:
    """Adds what the timestep before contributed, where a buffer is not cleared."""

    def __init__(self) -> None:
        self.kept: Tensor | None = None

    def __call__(self, _x: Tensor, reset: Tensor, recurrent: Tensor) -> Tensor:
        if self.kept is not None and self.kept.shape == recurrent.shape and len(recurrent) > 2:  # noqa: PLR2004  # as reported
            recurrent = recurrent + self.kept
        self.kept = recurrent.detach()
        return reset * recurrent


def not_cleared() -> AbstractContextManager[object]:
    """Keep the recurrent product of a batch of three records or more."""
    return PythonGRU(resets=_Accumulated()).inject()


def first_units(hidden: Tensor, projected: Tensor) -> Tensor:
    """Carry the first units themselves, as many as the projection is wide."""
    return hidden[:, : projected.shape[1]]


def forget_for_all(gradient: Tensor) -> Tensor:
    """Give the input and output gates' biases the forget gate's gradient."""
    _, forget, cell, _ = gradient.chunk(4)
    return torch.cat([forget, forget, cell, forget])


def bias_gradient() -> AbstractContextManager[object]:
    """Let biases of `nn.LSTM` take another gate's gradient."""
    kernel = _VF.lstm

    def lstm(x: Tensor, start: Any, parameters: list[Tensor], *rest: Any) -> Any:
        change = backward(forget_for_all)
        own = [change(p) if p.dim() == 1 else p for p in parameters]
        return kernel(x, start, own, *rest)

    return patch.object(_VF, "lstm", lstm)


def no_state_gradient() -> AbstractContextManager[object]:
    """Let no gradient reach the initial states."""
    kernel = _VF.lstm

    def lstm(x: Tensor, start: Any, *rest: Any) -> Any:
        return kernel(x, tuple(state.detach() for state in start), *rest)

    return patch.object(_VF, "lstm", lstm)


def final_states_without_gradient() -> AbstractContextManager[object]:
    """Let a loss of the final states alone give no gradient."""
    kernel = _VF.lstm

    def lstm(*arguments: Any) -> Any:
        outputs, *ends = kernel(*arguments)
        return (outputs, *(end.detach() for end in ends))

    return patch.object(_VF, "lstm", lstm)


_LAYERS = ("layers", "reference_steps")
_BACKWARD = ("layers", "reference_steps", "gradient")

FAULTS = (
    *(
        Fault(name, GRU, source, sentence, "gru", inject, probes)
        for name, source, sentence, inject, probes in (
            (
                "reset_before_product",
                "microsoft/onnxscript#2852",
                "the reset gate acts before the product, as ONNX's default has it",
                ResetBefore().inject,
                _LAYERS,
            ),
            (
                "second_bias_ignored",
                "tensorflow/tfjs#2442",
                "a GRU's recurrent bias is left out",
                PythonGRU(second_bias=torch.zeros_like).inject,
                _LAYERS,
            ),
            (
                "product_not_cleared",
                "microsoft/onnxruntime PR 3893",
                "from three records on a timestep adds the last one's recurrent product",
                not_cleared,
                _LAYERS,
            ),
            (
                "candidate_not_reset",
                "zhiyongc/GRU-D#2",
                "the candidate takes the output before as it is, not reset",
                PythonGRU(resets=lambda _x, _reset, recurrent: recurrent).inject,
                _LAYERS,
            ),
            (
                "update_gate_reversed",
                "bionick87/ConvGRUCell-pytorch#1",
                "the update gate says how much of the candidate is taken",
                PythonGRU(mixes=lambda update, new, old: update * new + (1 - update) * old).inject,
                _LAYERS,
            ),
            (
                "no_update_gradient",
                SYNTHETIC,
                "a GRU's update gate gets no gradient",
                PythonGRU(update=backward(torch.zeros_like)).inject,
                _BACKWARD,
            ),
            (
                "loop_gradient_too_large",
                "elixir-nx/axon PR 646",
                "what goes back through a GRU's loop is four times too large",
                PythonGRU(candidate=backward(lambda gradient: 4 * gradient)).inject,
                _BACKWARD,
            ),
        )
    ),
    Fault(
        "projection_not_carried",
        PROJECTION,
        "rdspring1/PyTorch_GBW_LM#2",
        "outputs are not what is projected and carried to the next timestep",
        "projected",
        PythonProjected(carried=first_units).inject,
        _LAYERS,
    ),
    Fault(
        "projection_without_gradient",
        PROJECTION,
        SYNTHETIC,
        "the projection's weight gets no gradient",
        "projected",
        PythonProjected(projection=backward(torch.zeros_like)).inject,
        _BACKWARD,
    ),
    Fault(
        "bias_of_another_gate",
        "LSTM backward",
        "hanbt/learn_dl#53",
        "biases of input and output gates get the forget gate's gradient",
        "module",
        bias_gradient,
        _BACKWARD,
    ),
    Fault(
        "initial_state_without_gradient",
        "LSTM backward",
        "FluxML/Flux.jl#2185",
        "no gradient reaches the initial states",
        "adam",
        no_state_gradient,
        ("layers",),
    ),
    Fault(
        "final_state_without_gradient",
        "LSTM backward",
        "pytorch#96416",
        "a loss of the final states gives no gradient",
        "adam",
        final_states_without_gradient,
        ("layers",),
    ),
)
