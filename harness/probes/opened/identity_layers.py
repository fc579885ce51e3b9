"""LSTM layers that compute the identity: they show the dropout masks between `nn.LSTM`'s layers."""

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

OPEN = 30.0
"""A gate with this bias is open to the last digit, with its negative closed."""

LEFT = 1e-3
"""Of what came before, a closed gate leaves less, whatever the kernel rounds."""

SMALL = 1e-6
"""tanh(x) = x to the last digit at this size, and a thousand times it."""


def can_be_identity(module: nn.LSTM) -> bool:
    """Whether `dropout_between_layers` knows how to set this module's weights."""
    return module.bias and not module.bidirectional and not module.proj_size


def dropout_between_layers(module: nn.LSTM, shape: tuple[int, int, int]) -> Callable[[], Tensor]:
    """Return what draws the factors `[timesteps, units, records]` of what goes between layers.

    A copy as wide as ``shape`` says is called: its first layer gives the same number at all times,
    the second passes it on, and what comes out in training is divided by what does in evaluation.
    """
    timesteps, units, records = shape
    like = next(module.parameters())
    layers = nn.LSTM(1, units, 2, dropout=module.dropout, batch_first=module.batch_first).to(like)
    parameters = dict(layers.named_parameters())
    with torch.no_grad():
        for parameter in parameters.values():
            parameter.zero_()
        for level, cell in enumerate((math.atanh(SMALL), 0.0)):
            gates = torch.tensor([OPEN, -OPEN, cell, OPEN]).repeat_interleave(units)
            parameters[f"bias_ih_l{level}"].copy_(gates)
        parameters["weight_ih_l1"][2 * units : 3 * units].copy_(torch.eye(units))
    x = like.new_zeros((records, timesteps, 1) if module.batch_first else (timesteps, records, 1))
    order = (1, 2, 0) if module.batch_first else (0, 2, 1)

    def draw() -> Tensor:
        with torch.no_grad():
            masked, whole = layers.train()(x)[0], layers.eval()(x)[0]
        factors: Tensor = (masked / whole).permute(order)
        return factors * (factors.abs() > LEFT)

    return draw
