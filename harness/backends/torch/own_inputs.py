"""What a user's module is called with where inputs are token ids, or records end early."""

from torch import Tensor, nn

from harness.backends.torch.padding import lengths_of


class OwnInputs(nn.Module):
    """Calls a user's module with ids `[batch, timesteps]` of int64, or numbers, and with lengths.

    Steps beyond a record's end hold 0; lengths `[batch]` are given as the second argument, where
    records may end early.
    """

    def __init__(self, module: nn.Module, *, ids: bool, padded: bool) -> None:
        super().__init__()
        self.module, self.ids, self.padded = module, ids, padded

    def forward(self, x: Tensor) -> Tensor:
        """Map `[batch, timesteps, features]`, NaN beyond a record's end, as the module does."""
        given = x.masked_fill(x.isnan(), 0.0) if self.padded else x
        given = given[..., 0].long() if self.ids else given
        outputs: Tensor = self.module(given, lengths_of(x)) if self.padded else self.module(given)
        return outputs
