"""The output's function against what the loss takes, and against the targets' range."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

from collections.abc import Callable

import numpy as np

from harness.diagnosis.answer import Finding
from harness.diagnosis.causes.domain import SEVERAL, label_sums, targets_of
from harness.diagnosis.facts import STILL, Facts
from harness.diagnosis.observations import Array

Said = tuple[str, str]
"""Evidence and remedy, a sentence each."""

OUTSIDE = 0.1
"""Share of targets outside the output function's range that no exception explains."""

RANGES = {
    "sigmoid": (0.0, 1.0),
    "softmax": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    **dict.fromkeys(("relu", "softplus", "exp"), (0.0, np.inf)),
}


def wrong_output_activation(facts: Facts) -> Finding | None:
    """The function at the output does not fit the loss, or cannot reach the targets."""
    loss = facts.seen.loss
    for check in CHECKS:
        said = check(facts)
        if said is not None:
            return Finding("wrong_output_activation", 0.98, *said)
    function, values = loss.function, facts.seen.targets
    values = values if values is not None else facts.seen.output_targets
    of_numbers = loss.kind in {"mse", "mae", "likelihood", "other"} and facts.comparable
    if function not in RANGES or values is None or not of_numbers:
        return None
    low, high = RANGES[function]
    outside = float(np.mean((values < low - 0.05) | (values > high + 0.05)))
    if outside < OUTSIDE or facts.reached > 0.9:
        return None
    return Finding(
        "wrong_output_activation",
        0.95,
        f"{outside:.0%} of the targets lie outside what {function} can put out (threshold "
        f"{OUTSIDE:.0%}): they reach from {values.min():.3g} to {values.max():.3g}.",
        f"Remove the {function} from the output layer, or scale the targets into its range.",
    )


def _one_unit(facts: Facts) -> Said | None:
    loss, outputs = facts.seen.loss, _outputs(facts)
    single = len(loss.output_shape) < 2 or loss.output_shape[-1] == 1
    if loss.function != "softmax" or not single or outputs is None or not np.all(outputs == 1):
        return None
    return (
        "Softmax runs over a single unit, so the output is 1 for every record.",
        "Use sigmoid for one unit, or two units with softmax and cross entropy.",
    )


def _over_batch(facts: Facts) -> Said | None:
    if not facts.seen.loss.over_batch:
        return None
    return (
        (
            "Softmax runs over the batch, not over the classes: outputs of one class sum to 1 over "
            "the records."
        ),
        "Apply it over the last axis: dim=-1.",
    )


def _one_of_several(facts: Facts) -> Said | None:
    """Probabilities that sum to 1, for labels of which several hold, or none."""
    loss, values = facts.seen.loss, targets_of(facts)
    if loss.function != "softmax" or loss.kind != "bce" or values is None or values.ndim < 2:
        return None
    sums, apart = label_sums(values)
    if values.shape[-1] < 2 or apart < SEVERAL:
        return None
    return (
        (
            f"Softmax makes the outputs sum to 1, but {apart:.0%} of the records have several "
            f"labels or none: their targets sum to between {sums.min():g} and {sums.max():g}."
        ),
        "Use sigmoid: one probability a label.",
    )


def _applied_twice(facts: Facts) -> Said | None:
    """A function that the loss applies itself."""
    loss = facts.seen.loss
    remedy = f"Pass the logits: remove the {loss.function} from the network."
    what = f"{loss.function.capitalize()} is applied before {loss.name}, which applies"
    if loss.kind == "cross_entropy" and loss.function in {"softmax", "sigmoid"}:
        return f"{what} log-softmax itself: gradients shrink, the loss cannot come near 0.", remedy
    if loss.kind == "bce_logits" and loss.function in {"sigmoid", "softmax", "relu"}:
        return f"{what} sigmoid itself: no probability below 0.5 can be put out.", remedy
    if loss.kind == "cross_entropy" and loss.function == "relu" and facts.failed:
        return (
            "ReLU is applied to the logits: those below zero are cut and get no gradient.",
            "Pass the logits of the last linear layer.",
        )
    return None


def _not_probabilities(facts: Facts) -> Said | None:
    """A loss that takes probabilities, and gets something else."""
    loss = facts.seen.loss
    keras = loss.takes == "probabilities"
    others = {"linear", "tanh", "relu"} | ({"log_softmax"} if keras else set())
    if loss.function not in others or not (keras or loss.kind == "bce"):
        return None
    outputs = _outputs(facts)
    if not keras and loss.function == "linear" and outputs is not None and _within(outputs):
        return None  # a sum of probabilities: PyTorch's own loss refuses anything else
    return (
        f"{loss.name} takes probabilities, but the output layer ends in {loss.function}.",
        (
            "Apply softmax or sigmoid at the output, or give the loss logits "
            f"({'from_logits=True' if keras else 'BCEWithLogitsLoss'})."
        ),
    )


def _within(outputs: Array) -> bool:
    return bool(np.all((outputs >= 0) & (outputs <= 1)))


def _sums(logarithms: Array) -> Array:
    """Sums of what logarithms `[records, classes]` are of; ones without classes."""
    return np.exp(np.minimum(logarithms, 50)).sum(1) if logarithms.ndim > 1 else np.ones(1)


def _not_logarithms(facts: Facts) -> Said | None:
    """A loss that takes log-probabilities, and gets something else."""
    loss, outputs = facts.seen.loss, _outputs(facts)
    divergence = loss.kind == "divergence" and loss.function in WITHOUT_LOGARITHM
    shares = outputs is not None and float(np.abs(_sums(outputs) - 1).mean()) <= SUMS_TO_ONE
    if divergence and not shares:
        return (
            f"{loss.name} takes log-probabilities, but its input ends in {loss.function}.",
            "Apply log_softmax to what is compared, and softmax to what it is compared with.",
        )
    if loss.kind != "nll" or loss.takes or outputs is None or loss.function == "log_softmax":
        return None
    if shares:
        return None
    return (
        (
            f"{loss.name} takes log-probabilities, but the outputs' exponentials sum to "
            f"{_sums(outputs).mean():.3g} instead of 1."
        ),
        "Apply log_softmax at the output, or use cross entropy on the logits.",
    )


def _no_logarithm_of_a_rate(facts: Facts) -> Said | None:
    """A loss that takes the logarithm of a rate, and gets what is above zero, as a rate is."""
    loss = facts.seen.loss
    if loss.kind != "poisson" or RANGES.get(loss.function, (-1.0, 0.0))[0] < 0:
        return None
    return (
        f"{loss.name} takes logarithms of rates, and its input ends in {loss.function}.",
        f"Remove the {loss.function}, or pass log_input=False.",
    )


WITHOUT_LOGARITHM = frozenset({"softmax", "sigmoid", "linear", "relu"})

SUMS_TO_ONE = 0.05
"""How far the exponentials of log-probabilities may sum from 1: padding, and half precision."""


def _logarithm_of_zero(facts: Facts) -> Said | None:
    """All data are finite; a logarithm of the output is not."""
    bad = facts.seen.non_finite
    if bad is None or bad.place != "logarithm":
        return None
    name = {"relu": "ReLU"}.get(bad.where, bad.where)
    before = f"{name} before a logarithm" if name else "A logarithm of the output"
    remedy = {
        "softmax": "Use log_softmax, which cannot overflow, and nll_loss on it.",
        "sigmoid": "Use binary cross entropy on the logits, which cannot overflow.",
    }.get(
        bad.where,
        "Put out what is above zero (softmax, sigmoid, softplus or exp), or the logarithm itself.",
    )
    why = (
        f"{before}: inputs, targets and outputs are finite, and at update {bad.step + 1} the loss "
        "takes the logarithm of an output that is zero or below."
    )
    return why, remedy


def _shut(facts: Facts) -> Said | None:
    """ReLU at the output that is shut for every record from the start, behind layers that pass."""
    outputs, values = _outputs(facts), targets_of(facts)
    if facts.seen.loss.function != "relu" or outputs is None or values is None:
        return None
    hidden = [max(layer.saturated or (0, 0)) for layer in facts.seen.layers][:-1]
    moved = facts.movement is None or facts.movement >= STILL  # shut by its updates: their rate
    if moved or not facts.failed or np.any(outputs != 0) or max(hidden, default=0.0) >= 1:
        return None
    return (
        "ReLU at the output is 0 for every record: no gradient passes it, and nothing is learnt.",
        "Remove the ReLU from the output layer, or use softplus, whose slope never ends.",
    )


def _outputs(facts: Facts) -> Array | None:
    """Outputs as the network gives them."""
    seen = facts.seen
    return seen.raw_outputs if seen.raw_outputs is not None else seen.outputs


CHECKS: tuple[Callable[[Facts], Said | None], ...] = (
    _one_unit,
    _over_batch,
    _one_of_several,
    _applied_twice,
    _not_probabilities,
    _not_logarithms,
    _no_logarithm_of_a_rate,
    _logarithm_of_zero,
    _shut,
)
"""Functions against the loss: each is wrong by the loss's definition."""
