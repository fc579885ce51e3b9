"""All faults, in the order of their surfaces."""

from harness.selftest import (
    data,
    ensemble,
    initial_weights,
    loss,
    lstm_backward,
    lstm_forward,
    metric,
    named_losses,
    optimizer,
    optimizer_variants,
    recurrent_backward,
    schedule,
)
from harness.selftest.fault import Fault

FAULTS: tuple[Fault, ...] = (
    *lstm_backward.FAULTS,
    *lstm_forward.FAULTS,
    *recurrent_backward.FAULTS,
    *initial_weights.FAULTS,
    *optimizer.FAULTS,
    *optimizer_variants.FAULTS,
    *loss.FAULTS,
    *named_losses.FAULTS,
    *data.FAULTS,
    *schedule.FAULTS,
    *metric.FAULTS,
    *ensemble.FAULTS,
)
