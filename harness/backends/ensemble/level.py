"""One layer of a stack in one direction or both, its outputs side by side.

A direction that reads backwards is an ordinary layer whose inputs and outputs are turned around.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from harness.backends.ensemble.layer import Layer
from harness.backends.ensemble.tape import Tape


class Level:
    """The directions of a layer, the sequence's own first."""

    def __init__(self, directions: Sequence[Layer]) -> None:
        self.directions = directions
        self.units = directions[0].shape.units

    def tapes(self, timesteps: int, weight: Tensor, batch: int) -> list[Tape]:
        """Return what each direction's passes are written to."""
        return [Tape(layer.shape, timesteps, weight, batch) for layer in self.directions]

    def forward(self, tapes: Sequence[Tape], x: Tensor) -> Tensor:
        """Run over ``x`` `[timesteps, seeds, inputs, batch]`; return outputs, as wide as all."""
        for number, (layer, tape) in enumerate(zip(self.directions, tapes, strict=True)):
            tape.inputs.copy_(x.flip(0) if number else x)
            layer.forward(tape)
        return self.outputs(tapes)

    def outputs(self, tapes: Sequence[Tape]) -> Tensor:
        """Return the outputs of the pass just done, in the sequence's order."""
        own, *other = (tape.outputs for tape in tapes)
        return torch.cat([own, other[0].flip(0)], 2) if other else own

    def ending(self, outputs: Tensor) -> Tensor:
        """Return what each direction ends with `[seeds, width, batch]`, of outputs of all."""
        if len(self.directions) == 1:
            return outputs[-1]
        return torch.cat([outputs[-1, :, : self.units], outputs[0, :, self.units :]], 1)

    def of_ending(self, gradient: Tensor, timesteps: int) -> list[Tensor | None]:
        """Return the gradient of each timestep's outputs, given that of what they end with."""
        if len(self.directions) == 1:
            return [*[None] * (timesteps - 1), gradient]
        first, last = torch.zeros_like(gradient), torch.zeros_like(gradient)
        first[:, self.units :] = gradient[:, self.units :]
        last[:, : self.units] = gradient[:, : self.units]
        if timesteps == 1:
            return [first + last]
        return [first, *[None] * (timesteps - 2), last]

    def backward(self, tapes: Sequence[Tape], given: Sequence[Tensor | None]) -> list[Tensor]:
        """Write the layers' gradients.

        Args:
            tapes: of the forward pass.
            given: gradient of each timestep's outputs `[seeds, width, batch]`; ``None`` is zero.

        Returns:
            Gradient of each timestep's inputs; empty arrays for the first layer.
        """
        if len(self.directions) == 1:
            return _backward(self.directions[0], tapes[0], given)
        halves = [None if g is None else torch.split(g, self.units, 1) for g in given]
        parts = [None if half is None else half[0] for half in halves]
        turned = [None if half is None else half[1] for half in reversed(halves)]
        own, other = map(_backward, self.directions, tapes, [parts, turned])
        return [a + b for a, b in zip(own, reversed(other), strict=True)]


def _backward(layer: Layer, tape: Tape, given: Sequence[Tensor | None]) -> list[Tensor]:
    *others, final = given
    assert final is not None  # noqa: S101  # what is read last always has a gradient
    return layer.backward(tape, others, final)
