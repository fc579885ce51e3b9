"""Records that end early, in batched passes: where each ends, and its steps turned around.

Passes run over all timesteps. What they compute beyond a record's end reaches nothing: no step
before it, no target, and so no gradient. A direction that reads backwards reads a record's own
steps in turn, and what lies beyond last.
"""

import torch
from torch import Tensor


class Ends:
    """Where the records of a batch end, told by NaN in its inputs.

    Attributes:
        last: each record's last step `[1, seeds, 1, batch]`.
        turned: the step that stands at each place once a record is turned around
            `[timesteps, seeds, 1, batch]`; turned twice, all steps are where they were.
    """

    def __init__(self, x: Tensor) -> None:
        steps = torch.arange(len(x), device=x.device)[:, None, None, None]
        self.last = x[:, :, :1].isnan().logical_not().sum(0, keepdim=True) - 1
        self.turned = torch.where(steps <= self.last, self.last - steps, steps)

    def turn(self, values: Tensor) -> Tensor:
        """Turn the steps of each record around, of `[timesteps, seeds, values, batch]`."""
        return values.gather(0, self.turned.expand_as(values))

    def ending(self, outputs: Tensor) -> Tensor:
        """Return each record's last outputs `[seeds, values, batch]`."""
        return outputs.gather(0, self.last.expand(1, *outputs.shape[1:]))[0]

    def of_ending(self, gradient: Tensor) -> Tensor:
        """Return the gradient of all steps' outputs, given that of each record's last."""
        steps = gradient.new_zeros(len(self.turned), *gradient.shape)
        return steps.scatter_(0, self.last.expand(1, *gradient.shape), gradient[None])
