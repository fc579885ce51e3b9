"""Causes that lie in the network: its size, its start, and how gradients pass it."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

import numpy as np

from harness.diagnosis.answer import Finding
from harness.diagnosis.causes.initialization import poor_initialization
from harness.diagnosis.facts import STILL, Facts
from harness.diagnosis.learnable import learnable
from harness.diagnosis.observations import Parameter
from harness.diagnosis.rates import usual


def dropout_too_high(facts: Facts) -> Finding | None:
    """Most of the signal, or of the answers themselves, is dropped while training."""
    highest = max((layer.dropout for layer in facts.seen.layers), default=0.0)
    trained, final = facts.skill_while_training, facts.final
    gap = final.skill - trained if trained is not None and final else 0.0
    if (share := _dropped_at_output(facts)) > 0 and gap > COSTS:
        return Finding(
            "dropout_too_high",
            0.9,
            f"Dropout stands behind the last weights and sets {share:.0%} of the outputs to zero, "
            f"whatever the record is; with dropout off the loss is better by {gap:.0%} of a "
            "guess's.",
            "Remove the dropout behind the output layer, or put it in front of that.",
        )
    if highest < DROPPED:
        return None
    costs = facts.lags or (trained is not None and trained < HIDDEN)
    hidden = costs and facts.reached < REACHED
    if not facts.failed and not hidden:
        return None
    return Finding(
        "dropout_too_high",
        0.86,
        f"Dropout removes {highest:.0%} of the units (usual: 10 % to 50 %; threshold "
        f"{DROPPED:.0%}); with dropout off the loss is better by {max(gap, 0):.0%} of a guess's.",
        "Lower dropout to 0.5 or less.",
    )


def _dropped_at_output(facts: Facts) -> float:
    """Share that a dropout layer behind the output layer drops; 0 where there is none."""
    layers, shape = facts.seen.layers, facts.seen.loss.output_shape
    weighted = [at for at, layer in enumerate(layers) if layer.width]
    if not weighted or not shape or layers[weighted[-1]].width not in shape[1:]:
        return 0.0  # what ends the network is no layer that is known: a head of tied weights
    behind = layers[weighted[-1] + 1 :]
    return max((layer.dropout for layer in behind if "Dropout" in layer.kind), default=0.0)


COSTS = 0.2
"""Share of a guess's loss from which answers that are dropped cost more than they regularise."""

DROPPED = 0.7
"""Srivastava et al. 2014 use 0.2 for inputs and 0.5 for units; Keras' documents go up to 0.5."""

HIDDEN, REACHED = 0.5, 0.9
"""Share of a guess's loss that is gone with dropout on, and of what can be reached with it off:
where most is hidden, and enough was learnt all the same, nothing is wrong."""


def vanishing_gradient(facts: Facts) -> Finding | None:
    """Gradients of early layers, or of early time steps, are next to nothing."""
    if facts.ending not in {"bad", "partial"}:
        return None
    with_gradient = [p for p in facts.matrices if p.gradients and max(p.gradients) > 0]
    layers = _layer_ratio(with_gradient)
    steps = facts.seen.step_gradient
    if layers is not None and layers < VANISHED:
        return Finding(
            "vanishing_gradient",
            0.8,
            f"The first layer's gradient is {layers:.1e} of the last one's, relative to their "
            f"weights (threshold {VANISHED:g}).",
            "Use ReLU or normalisation between layers, residual connections, or fewer layers.",
        )
    if steps is not None and len(steps) >= 10 and _early_matters(facts):
        ratio = float(steps[: max(1, len(steps) // 10)].max() / max(steps.max(), 1e-300))
        if ratio < VANISHED:
            return Finding(
                "vanishing_gradient",
                0.81 if ratio > LOST else 0.88,
                f"The gradient of the first time steps is {ratio:.1e} of the largest (threshold "
                f"{VANISHED:g}) over {len(steps)} steps: what happened first cannot be learnt.",
                "Use an LSTM or GRU, a forget bias of 1 or more, shorter sequences, or attention.",
            )
    return _too_small_to_move(facts)


def _too_small_to_move(facts: Facts) -> Finding | None:
    """At a usual rate of plain SGD weights move as far as their gradient is large."""
    bounds, rate, moved = usual(facts.seen.optimizer), facts.rate, facts.movement
    layers = len({p.depth for p in facts.matrices})
    if bounds is None or rate is None or moved is None or layers < DEEP:
        return None
    plain = "sgd" in facts.seen.optimizer.name
    if not plain or moved >= STILL or rate < bounds[0] * 10:
        return None
    return Finding(
        "vanishing_gradient",
        0.76,
        f"At a learning rate of {rate:g} (usual: {bounds[0]:g} to {bounds[1]:g}) weights moved by "
        f"{moved:.2g} of their size (threshold {STILL:g}): over {layers} layers hardly any "
        f"gradient is left.",
        "Use Adam, which divides each gradient by its size, or fewer layers, or normalisation "
        "between them.",
    )


LOST = float(np.finfo(np.float32).eps)
"""Beside the largest a gradient this small is rounded away: no rate makes up for it."""

DEEP = 4
"""Layers from which the first one's gradient is a product of several others'."""

VANISHED = 1e-3
"""A factor of a thousand is beyond what Adam's normalisation or a higher rate can make up."""


def _layer_ratio(parameters: list[Parameter]) -> float | None:
    depths = sorted({p.depth for p in parameters})
    if len(depths) < 4:
        return None
    relative = {
        d: np.median(
            [
                p.gradients[0] / p.weight
                for p in parameters
                if p.depth == d and p.weight > 0 and p.gradients
            ]
        )
        for d in depths
    }
    last = max(relative[d] for d in depths[-2:])
    return float(relative[depths[0]] / last) if last > 0 else None


def _early_matters(facts: Facts) -> bool:
    """Whether targets depend on the first steps, and the last ones do not say it again."""
    x, y = facts.seen.inputs, facts.seen.targets
    if x is None or y is None or x.ndim < 2 or len(x) != len(y):
        return False
    steps = x.shape[1]
    early = learnable(x[:, : max(1, steps // 5)], y, classes=facts.classifies)
    if early is None or early.skill < 0.2:
        return False
    late = learnable(x[:, steps // 2 :], y, classes=facts.classifies)
    return late is None or late.skill < early.skill / 2


def saturated_activation(facts: Facts) -> Finding | None:
    """Hidden activations lie at their bounds, where there is no gradient."""
    hidden = [layer for layer in facts.seen.layers if layer.saturated and (layer.width or 0) > 1]
    if facts.seen.loss.function in {"sigmoid", "tanh", "softmax"}:
        hidden = hidden[:-1]
    bounded = [layer for layer in hidden if layer.activation != "relu" or facts.failed]
    found = [layer for layer in bounded if max(layer.saturated or (0, 0)) > SATURATED]
    if not found:
        return None
    worst = max(found, key=lambda layer: min(layer.saturated or (0, 0)))
    start, end = worst.saturated or (0.0, 0.0)
    always = min(start, end) > SATURATED
    if not facts.failed and not (always and facts.reached < 0.97):
        return None
    return Finding(
        "saturated_activation",
        0.82 if always else 0.6,  # a gradient that vanishes is what follows from it
        f"{max(start, end):.0%} of {worst.name} lies at its bounds (threshold {SATURATED:.0%})"
        f"{', from the start to the end' if always else ''}: no gradient passes there.",
        "Use leaky ReLU, a lower learning rate, or normalise before the activation."
        if worst.activation == "relu"
        else "Use ReLU or normalise before the activation, and lower what is multiplied into it.",
    )


SATURATED = 0.6


def network_too_small(facts: Facts) -> Finding | None:
    """Trained to its end, and still worse than a simple but wider model."""
    simple, hidden = facts.learnable, _narrowest(facts)
    if (squeezed := _squeezed(facts, hidden)) is not None:
        return squeezed
    if facts.ending not in {"bad", "partial"} or simple is None:
        return None
    if not simple.found:
        return _too_few_weights(facts)
    improving = facts.curve.slope_over_noise > 4 and facts.curve.falling > 0.15
    moved = facts.movement is None or facts.movement >= STILL  # else size was never put to use
    if hidden is None or hidden > FEW_UNITS or improving or not facts.beaten or not moved:
        return None
    what = f"{hidden} units in its narrowest hidden layer" if hidden else "no hidden layer"
    return Finding(
        "network_too_small",
        0.79,
        f"The network has {what}, has stopped improving, and reaches {max(facts.reached, 0):.0%} "
        f"where a wider simple model reaches {max(simple.skill, simple.label_skill):.0%}.",
        "Add a hidden layer, or more units to it.",
    )


def _squeezed(facts: Facts, hidden: int | None) -> Finding | None:
    """Many classes behind a handful of units: a share of them is told, and no more."""
    best, moved = facts.best, facts.movement
    if not hidden or hidden > FEW_UNITS or best is None or moved is None or moved < STILL:
        return None
    trained = facts.ending in {"good", "partial"} and facts.reached < TOLD
    if best.classes < CROWDED * hidden or not trained:
        return None
    return Finding(
        "network_too_small",
        0.79,
        f"{best.classes} classes have to be told by {hidden} units of the narrowest hidden layer, "
        f"and {facts.reached:.0%} of a guess's errors are gone.",
        "Add units to that layer: at least as many as there are classes.",
    )


FEW_UNITS = 3
CROWDED, TOLD = 4, 0.7
"""Classes a unit, and what is told in spite of it: two units for twelve languages told 21 % of
them, two for the letters of a song 51 %; sixteen units told 70 % and all."""


def _too_few_weights(facts: Facts) -> Finding | None:
    """Labels without a rule have to be learnt by heart: a weight holds two of them."""
    records = facts.seen.loop.records
    size = facts.weights
    if not facts.short or not facts.classifies or not records or not size:
        return None
    if records <= BY_HEART * size:
        return None
    return Finding(
        "network_too_small",
        0.8,
        f"The {records} labels follow no rule that a simple model finds, so they have to be learnt "
        f"by heart: {size} weights hold {BY_HEART * size} of them at most.",
        "Add units: at least one weight for each record.",
    )


BY_HEART = 2
"""Cover 1965: patterns that a weight can store, with labels drawn at random."""


def _narrowest(facts: Facts) -> int | None:
    """Units of the narrowest hidden layer; 0 without a hidden layer."""
    widths = [
        layer.width for layer in facts.seen.layers if layer.width and layer.kind != "activation"
    ]
    if not widths:
        return None
    return min(widths[:-1]) if len(widths) > 1 else 0


CAUSES = (
    poor_initialization,
    dropout_too_high,
    vanishing_gradient,
    saturated_activation,
    network_too_small,
)
