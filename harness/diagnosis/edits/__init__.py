"""One edit at a time, made to a script while it runs: what --confirm tries."""

from harness.diagnosis.edits.activation import FittingOutput
from harness.diagnosis.edits.edit import Edit
from harness.diagnosis.edits.forget_bias import ForgetBias
from harness.diagnosis.edits.gradients import Clipped, Zeroed
from harness.diagnosis.edits.inputs import Standardised
from harness.diagnosis.edits.order import Shuffled
from harness.diagnosis.edits.rates import Lowered, Raised
from harness.diagnosis.edits.targets import ScaledTargets
from harness.diagnosis.names import Cause

__all__ = ["REMEDIES", "Edit"]

REMEDIES: dict[Cause, type[Edit]] = {
    "learning_rate_too_low": Raised,
    "learning_rate_too_high": Lowered,
    "exploding_gradient": Clipped,
    "unnormalized_inputs": Standardised,
    "unscaled_targets": ScaledTargets,
    "wrong_output_activation": FittingOutput,
    "stale_gradients": Zeroed,
    "not_shuffled": Shuffled,
    "vanishing_gradient": ForgetBias,
}
"""The edit that stands for each cause's remedy; other remedies need a person."""
