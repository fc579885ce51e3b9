"""Whether gradients are zeroed between the updates of an optimizer."""

from dataclasses import dataclass, field

import torch


@dataclass
class Zeroing:
    """What was seen of the gradients of one optimizer; of several, each forgets for itself.

    Attributes:
        parameters: that it holds, small ones first: cheap to ask whether they hold anything.
        made: updates.
        zeroed: since the last of them all gradients were gone when a backward pass began; ``None``
            while none has begun that was looked at.
        asked: updates that were looked at.
        stale: those of them that reused gradients of the update before.
    """

    parameters: list[torch.Tensor] = field(default_factory=list)
    made: int = 0
    zeroed: bool | None = None
    asked: int = 0
    stale: int = 0

    @classmethod
    def of(cls, optimizer: torch.optim.Optimizer) -> "Zeroing":
        """That of an optimizer which has made no update yet."""
        held = [p for group in optimizer.param_groups for p in group["params"]]
        return cls(sorted(held, key=torch.Tensor.numel))

    def backward_begins(self) -> None:
        """Gradients are about to be computed: are those of the last update still there?"""
        self.zeroed = self.zeroed or not any(map(_holds, self.parameters))

    def updates(self) -> None:
        """The gradients are used for an update."""
        if self.made and self.zeroed is not None:
            self.used(stale=not self.zeroed)
        self.made += 1
        self.zeroed = None

    def used(self, *, stale: bool) -> None:
        """Gradients that were looked at are used for an update."""
        self.asked += 1
        self.stale += stale

    @property
    def share(self) -> float:
        """Share of updates that reused gradients."""
        return self.stale / max(self.asked, 1)


def _holds(parameter: torch.Tensor) -> bool:
    gradient = parameter.grad
    return gradient is not None and (gradient.is_sparse or bool(gradient.detach().any()))
