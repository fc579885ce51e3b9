"""Where the first value that is not finite comes from."""

import torch

from harness.diagnosis.observations import NonFinite
from harness.diagnosis.watch.graph import logarithm_of_zero
from harness.diagnosis.watch.records import Pending
from harness.diagnosis.watch.tensors import non_finite_record


def first_non_finite(
    pending: Pending, updates: int, place: str, loss: torch.Tensor | None
) -> NonFinite:
    """Look for what was not finite before a loss or a gradient was not.

    Args:
        pending: what happened since the last update.
        updates: made before.
        place: where it was noticed, which is the answer if all before it is finite.
        loss: that is not finite; ``None`` where a gradient is.
    """
    for call in pending.calls:
        for tensor in call.inputs():
            if bad := non_finite_record(tensor):
                return NonFinite(updates, "input", bad)
    met = [(p.output, p.target) for p in pending.pairs] + pending.differences
    for _, target in met:
        if bad := non_finite_record(target):
            return NonFinite(updates, "target", bad)
    if any(non_finite_record(output) for output, _ in met):
        return NonFinite(updates, "output", "the network's output")
    if loss is not None and (function := logarithm_of_zero(loss)) is not None:
        return NonFinite(updates, "logarithm", function)
    return NonFinite(updates, place, "")
