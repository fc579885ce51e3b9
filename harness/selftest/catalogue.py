"""All faults, in the order of their surfaces."""

from harness.selftest import (
    both_ways,
    carried_state,
    cells,
    data,
    ensemble,
    ensemble_records,
    half,
    initial_weights,
    loss,
    lstm_backward,
    lstm_forward,
    metric,
    named_losses,
    optimizer,
    optimizer_variants,
    padding,
    recurrent_backward,
    schedule,
)
from harness.selftest.fault import Fault

FAULTS: tuple[Fault, ...] = (
    *lstm_backward.FAULTS,
    *lstm_forward.FAULTS,
    *recurrent_backward.FAULTS,
    *cells.FAULTS,
    *both_ways.FAULTS,
    *carried_state.FAULTS,
    *half.FAULTS,
    *initial_weights.FAULTS,
    *optimizer.FAULTS,
    *optimizer_variants.FAULTS,
    *loss.FAULTS,
    *named_losses.FAULTS,
    *data.FAULTS,
    *padding.FAULTS,
    *schedule.FAULTS,
    *metric.FAULTS,
    *ensemble.FAULTS,
    *ensemble_records.FAULTS,
)
