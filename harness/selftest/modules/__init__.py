"""Healthy modules of a user's own, of every kind that PyTorch offers: no probe may object to one.

Each maps `[batch, timesteps, features]` to `[batch, outputs]`. A case names `FACTORY` and a kind.
"""

from torch import nn

from harness.selftest.modules.computation import COMPUTATION
from harness.selftest.modules.layers import LAYERS
from harness.selftest.modules.sequences import SEQUENCES

MODULES = LAYERS | SEQUENCES | COMPUTATION
FACTORY = f"{__name__}:build"


def build(features: int, outputs: int, kind: str) -> nn.Module:
    """Return a module of a kind in `MODULES`."""
    return MODULES[kind](features, outputs)
