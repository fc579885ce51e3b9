"""One layer of a stack in one direction or both, its outputs side by side.

A direction that reads backwards is an ordinary layer whose inputs and outputs are turned around.
Where records end early, ``ends`` says where.
"""

from collections.abc import Sequence
from typing import TypeVar, cast

import torch
from torch import Tensor

from harness.backends.ensemble.layer import Layer
from harness.backends.ensemble.padding import Ends
from harness.backends.ensemble.tape import Tape

OfStep = TypeVar("OfStep", Tensor, Tensor | None)


class Level:
    """The directions of a layer, the sequence's own first."""

    def __init__(self, directions: Sequence[Layer]) -> None:
        self.directions = directions
        self.units = directions[0].shape.outputs

    def tapes(self, timesteps: int, weight: Tensor, batch: int) -> list[Tape]:
        """Return what each direction's passes are written to."""
        return [Tape(layer.shape, timesteps, weight, batch) for layer in self.directions]

    def forward(self, tapes: Sequence[Tape], x: Tensor, ends: Ends | None) -> Tensor:
        """Run over ``x`` `[timesteps, seeds, inputs, batch]`; return outputs, as wide as all."""
        for number, (layer, tape) in enumerate(zip(self.directions, tapes, strict=True)):
            tape.inputs.copy_(_turned(x, ends) if number else x)
            layer.forward(tape)
        return self.outputs(tapes, ends)

    def outputs(self, tapes: Sequence[Tape], ends: Ends | None) -> Tensor:
        """Return the outputs of the pass just done, in the sequence's order."""
        own, *other = (tape.outputs for tape in tapes)
        return torch.cat([own, _turned(other[0], ends)], 2) if other else own

    def ending(self, outputs: Tensor, ends: Ends | None) -> Tensor:
        """Return what each direction ends with `[seeds, width, batch]`, of outputs of all."""
        last = outputs[-1] if ends is None else ends.ending(outputs)
        if len(self.directions) == 1:
            return last
        return torch.cat([last[:, : self.units], outputs[0, :, self.units :]], 1)

    def of_ending(self, gradient: Tensor, timesteps: int, ends: Ends | None) -> list[Tensor | None]:
        """Return the gradient of each timestep's outputs, given that of what they end with."""
        if ends is not None:
            steps = ends.of_ending(gradient)
            steps[:, :, self.units :] = 0
            steps[0, :, self.units :] = gradient[:, self.units :]
            return list(steps.unbind(0))
        if len(self.directions) == 1:
            return [*[None] * (timesteps - 1), gradient]
        first, last = torch.zeros_like(gradient), torch.zeros_like(gradient)
        first[:, self.units :] = gradient[:, self.units :]
        last[:, : self.units] = gradient[:, : self.units]
        if timesteps == 1:
            return [first + last]
        return [first, *[None] * (timesteps - 2), last]

    def backward(
        self, tapes: Sequence[Tape], given: Sequence[Tensor | None], ends: Ends | None
    ) -> list[Tensor]:
        """Write the layers' gradients.

        Args:
            tapes: of the forward pass.
            given: gradient of each timestep's outputs `[seeds, width, batch]`; ``None`` is zero,
                and there is none where records end early.
            ends: of that pass.

        Returns:
            Gradient of each timestep's inputs; empty arrays for the first layer.
        """
        if len(self.directions) == 1:
            return _backward(self.directions[0], tapes[0], given)
        halves = [None if g is None else torch.split(g, self.units, 1) for g in given]
        parts = [None if half is None else half[0] for half in halves]
        others = [None if half is None else half[1] for half in halves]
        own, other = map(_backward, self.directions, tapes, [parts, _steps_turned(others, ends)])
        turned = _steps_turned(other, ends)
        return [a + b for a, b in zip(own, turned, strict=True)]


def _turned(values: Tensor, ends: Ends | None) -> Tensor:
    """Return `[timesteps, seeds, values, batch]` as read backwards, or as it was."""
    return values.flip(0) if ends is None else ends.turn(values)


def _steps_turned(steps: Sequence[OfStep], ends: Ends | None) -> Sequence[OfStep]:
    """Return the same of each timestep's values."""
    if ends is None:
        return steps[::-1]
    return cast("Sequence[OfStep]", ends.turn(torch.stack(cast("list[Tensor]", steps))).unbind(0))


def _backward(layer: Layer, tape: Tape, given: Sequence[Tensor | None]) -> list[Tensor]:
    *others, final = given
    assert final is not None  # noqa: S101  # what is read last always has a gradient
    return layer.backward(tape, others, final)
