"""An LSTM whose output is projected to fewer numbers, as `nn.LSTM(proj_size=...)` has it."""

from collections.abc import Sequence

import torch
from torch import Tensor

from harness.backends.ensemble.layer import LSTM
from harness.backends.ensemble.tape import Tape, Timestep


class ProjectedLSTM(LSTM):
    """Sak et al. 2014: what is put out, and carried, is a product of what the gates let through.

    Its ``projection`` and the gradient of that are views `[seeds, outputs, units]`.
    """

    projection: Tensor
    projection_gradient: Tensor

    def backward(
        self, tape: Tape, upstream: Sequence[Tensor | None], final: Tensor
    ) -> list[Tensor]:
        """See `Layer.backward`."""
        self.projection_gradient.zero_()
        return super().backward(tape, upstream, final)

    def _project(self, now: Timestep) -> None:
        now.hidden.copy_(torch.bmm(self.projection, now.raw))

    def _before_projection(self, tape: Tape, t: int, output: Tensor) -> Tensor:
        raw = tape.timesteps[t].raw
        self.projection_gradient += torch.bmm(output, raw.transpose(1, 2))
        return torch.bmm(self.projection.transpose(1, 2), output)
