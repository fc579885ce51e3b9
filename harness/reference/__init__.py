"""Training in plain NumPy, written from the formulas: what the backends are compared with.

It shares with them the declaration, the records and the starting weights, and nothing else: batch
order, forward, backward, losses, clipping, schedules and optimizers are written out again. Its
gradients are checked by complex-step differentiation, so every forward function accepts complex
arrays. It computes in the type of its weights: float64 to be right, float32 to see what rounding
alone does.
"""

from harness.reference.metric import FORMULAS
from harness.reference.rounding import first_loss_rounding
from harness.reference.train import Reference, Trace

__all__ = ["FORMULAS", "Reference", "Trace", "first_loss_rounding"]
