"""Causes that lie in the network: its output, its size, its start, and how gradients pass it."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

import numpy as np

from harness.diagnosis.answer import Finding
from harness.diagnosis.facts import STILL, Facts
from harness.diagnosis.learnable import learnable
from harness.diagnosis.observations import Loss, Parameter
from harness.diagnosis.rates import usual

OUTSIDE = 0.1
"""Share of targets outside the output function's range that no exception explains."""

RANGES = {"sigmoid": (0.0, 1.0), "softmax": (0.0, 1.0), "tanh": (-1.0, 1.0), "relu": (0.0, np.inf)}


def wrong_output_activation(facts: Facts) -> Finding | None:
    """The function at the output does not fit the loss, or cannot reach the targets."""
    loss = facts.seen.loss
    said = _against_loss(facts, loss)
    if said is not None:
        return Finding("wrong_output_activation", 0.98, *said)
    function, values = loss.function, facts.seen.targets
    values = values if values is not None else facts.seen.output_targets
    if function not in RANGES or values is None or loss.kind not in {"mse", "mae", "other"}:
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


def _against_loss(facts: Facts, loss: Loss) -> tuple[str, str] | None:
    outputs = facts.seen.raw_outputs if facts.seen.raw_outputs is not None else facts.seen.outputs
    one_unit = len(loss.output_shape) < 2 or loss.output_shape[-1] == 1
    if (
        outputs is not None
        and loss.function == "softmax"
        and one_unit
        and bool(np.all(outputs == 1))
    ):
        return (
            "Softmax runs over a single unit, so the output is 1 for every record.",
            "Use sigmoid for one unit, or two units with softmax and cross entropy.",
        )
    if loss.over_batch:
        return (
            (
                "Softmax runs over the batch, not over the classes: outputs of one class sum to 1 "
                "over the records."
            ),
            "Apply it over the last axis: dim=-1.",
        )
    if loss.kind == "cross_entropy" and loss.function in {"softmax", "sigmoid"}:
        return (
            (
                f"{loss.function.capitalize()} is applied before {loss.name}, which applies "
                f"log-softmax itself: gradients shrink and the loss cannot come near 0."
            ),
            f"Pass the logits: remove the {loss.function} from the network.",
        )
    if loss.kind == "bce_logits" and loss.function in {"sigmoid", "softmax", "relu"}:
        return (
            (
                f"{loss.function.capitalize()} is applied before {loss.name}, which applies "
                f"sigmoid itself: no probability below 0.5 can be put out."
            ),
            f"Pass the logits: remove the {loss.function} from the network.",
        )
    if loss.takes == "probabilities" and loss.function in {"linear", "tanh", "relu", "log_softmax"}:
        return (
            f"{loss.name} takes probabilities, but the output layer ends in {loss.function}.",
            "Apply softmax or sigmoid at the output, or give the loss from_logits=True.",
        )
    if (
        loss.kind == "nll"
        and not loss.takes
        and outputs is not None
        and loss.function != "log_softmax"
    ):
        sums = np.exp(np.minimum(outputs, 50)).sum(1) if outputs.ndim > 1 else np.ones(1)
        if float(np.abs(sums - 1).mean()) > 0.05:
            return (
                (
                    f"{loss.name} takes log-probabilities, but the outputs' exponentials sum to "
                    f"{sums.mean():.3g} instead of 1."
                ),
                "Apply log_softmax at the output, or use cross entropy on the logits.",
            )
    if loss.kind == "bce" and loss.function in {"linear", "tanh", "relu"}:
        return (
            f"{loss.name} takes probabilities, but the output layer ends in {loss.function}.",
            "Apply sigmoid at the output, or use the loss that takes logits.",
        )
    if loss.kind == "cross_entropy" and loss.function == "relu" and facts.failed:
        return (
            "ReLU is applied to the logits: those below zero are cut and get no gradient.",
            "Pass the logits of the last linear layer.",
        )
    return None


def wrong_loss(facts: Facts) -> Finding | None:
    """A loss that measures something else than the targets ask for."""
    loss, values = facts.seen.loss, facts.seen.output_targets
    values = facts.seen.targets if values is None else values
    if loss.negated:
        return Finding(
            "wrong_loss",
            0.97,
            f"Minus {loss.name} is minimised: it grows from {facts.curve.start:.3g} to "
            f"{facts.curve.end:.3g}.",
            "Remove the minus sign.",
        )
    unbounded = _unbounded(facts)
    if unbounded is not None:
        return unbounded
    if values is None or not values.size:
        return None
    if loss.kind in {"cross_entropy", "nll"} and _columns(loss) == 1:
        return Finding(
            "wrong_loss",
            0.97,
            f"{loss.name} compares classes, but the output has one unit: the loss is "
            f"{facts.curve.end:.2g} whatever the network answers.",
            "Use binary cross entropy for one unit, or one unit a class.",
        )
    if loss.kind in {"bce", "bce_logits"} and (values.min() < -1e-3 or values.max() > 1 + 1e-3):
        return Finding(
            "wrong_loss",
            0.985,
            f"{loss.name} expects targets between 0 and 1; they reach from {values.min():.3g} to "
            f"{values.max():.3g}.",
            "Use cross entropy for class numbers, or mean squared error for a regression.",
        )
    if loss.kind == "cross_entropy" and not loss.integer_targets and values.ndim > 1:
        sums = values.reshape(-1, values.shape[-1]).sum(1)
        if float(np.mean(np.abs(sums - 1) > 0.05)) > 0.2:
            return Finding(
                "wrong_loss",
                0.93,
                f"{loss.name} expects one class a record, or shares that sum to 1; the targets "
                f"sum to between {sums.min():.3g} and {sums.max():.3g}.",
                "Use binary cross entropy for several labels a record, mean squared error for "
                "numbers.",
            )
    for reading in facts.seen.readings:
        if reading.cause == "wrong_loss":
            return Finding(
                "wrong_loss",
                0.9,
                f"{loss.name} fits one number, but the script asks for a class: {reading.why}.",
                "Use one output a class and cross entropy.",
            )
    return _regressed_classes(facts)


def _unbounded(facts: Facts) -> Finding | None:
    """What is minimised has no lowest value: it falls on while the outputs get worse."""
    values = facts.seen.objective
    finite = values[np.isfinite(values)]
    if facts.seen.loss.kind == "signed":
        return Finding(
            "wrong_loss",
            0.97,
            "The mean of the differences is minimised, neither squared nor absolute: it falls "
            f"without bound, from {facts.curve.start:.3g} to {facts.curve.end:.3g}.",
            "Use the mean of squared or absolute differences.",
        )
    if len(finite) < FEWEST or facts.seen.loop.interleaved or facts.seen.loss.kind == "other":
        return None
    start, end = float(np.mean(finite[:3])), float(np.mean(finite[-3:]))
    fell = start - end > FALLS * max(abs(start), 1.0)
    if end >= 0 or not fell or facts.ending != "diverged":
        return None
    return Finding(
        "wrong_loss",
        0.95,
        f"What is minimised falls from {start:.3g} to {end:.3g} while the outputs get worse "
        f"({facts.seen.loss.name} {facts.curve.start:.3g} -> {facts.curve.end:.3g}): its sign is "
        f"wrong, or it has no lowest value.",
        "Minimise the negative log-likelihood, or the loss itself: check its sign.",
    )


FEWEST = 10
FALLS = 5.0
"""A log-likelihood falls by a few units of its start; what has no lowest value by any factor."""


def _columns(loss: Loss) -> int:
    shape = loss.output_shape
    if len(shape) < 2:
        return 0
    return shape[-1] if loss.takes else shape[1]


def _regressed_classes(facts: Facts) -> Finding | None:
    """Class numbers fitted as if they were quantities."""
    seen, loss = facts.seen, facts.seen.loss
    outputs = seen.final_outputs
    if loss.kind not in {"mse", "mae"} or seen.inputs is None or seen.targets is None:
        return None
    numbers = np.unique(seen.targets)
    whole = bool(np.all(numbers == np.arange(len(numbers))))
    if not whole or not 3 <= len(numbers) <= 20 or outputs is None:
        return None
    if outputs.size != seen.targets.size:
        return None
    rounded = float(np.mean(np.round(outputs.ravel()) == seen.targets.ravel()))
    simple = learnable(seen.inputs, seen.targets, classes=True)
    if simple is None or simple.score - rounded < CLASSIFIED_BETTER:
        return None
    return Finding(
        "wrong_loss",
        0.89,
        f"{loss.name} fits {len(numbers)} class numbers as if they were quantities: rounded, "
        f"{rounded:.0%} of the answers are right, where a simple classifier gets "
        f"{simple.score:.0%} (threshold: {CLASSIFIED_BETTER:.0%} more).",
        "Use one output a class and cross entropy.",
    )


CLASSIFIED_BETTER = 0.2
"""Counts and ratings, which are quantities, are rounded as well as they are classified."""


def poor_initialization(facts: Facts) -> Finding | None:
    """Starting weights that are all alike, or far from what keeps signals at their size."""
    if not facts.failed:
        return None
    matrices = [p for p in facts.matrices if "embedding" not in p.layer.lower() and p.size > 4]
    if not matrices:
        return None
    alike = [p for p in matrices if p.constant]
    inner = [p for p in alike if p is not matrices[-1]] or (
        alike if len(alike) == len(matrices) else []
    )
    if inner:
        return Finding(
            "poor_initialization",
            0.92,
            f"All starting values of {inner[0].name} are equal: units of a layer stay copies of "
            f"each other.",
            "Keep the framework's own initialisation, or draw weights at random (Glorot, He).",
        )
    ratios = [p.spread / p.usual for p in matrices if p.usual > 0]
    if not ratios:
        return None
    largest, smallest = max(ratios), float(np.median(ratios))
    if largest > WIDE or smallest < NARROW:
        far = largest if largest > WIDE else smallest
        return Finding(
            "poor_initialization",
            0.87,
            f"Starting weights have {far:.3g} times the usual standard deviation (thresholds "
            f"{NARROW:g} and {WIDE:g}).",
            "Keep the framework's own initialisation, or draw weights with standard deviation "
            "sqrt(2 / inputs).",
        )
    return None


WIDE = 3.5
"""A layer multiplies its signal's size by this: five layers by 500."""

NARROW = 0.02
"""The same downwards; PyTorch's own start is 0.4 of He's."""


def dropout_too_high(facts: Facts) -> Finding | None:
    """Most of the signal is dropped while training."""
    highest = max((layer.dropout for layer in facts.seen.layers), default=0.0)
    if highest < DROPPED:
        return None
    trained, final = facts.trained, facts.final
    gap = final.skill - trained.skill if trained and final else 0.0
    good = final is not None and final.skill > 0.5
    if not (facts.failed or (trained is not None and trained.skill < 0.25 and not good)):
        return None
    return Finding(
        "dropout_too_high",
        0.86,
        f"Dropout removes {highest:.0%} of the units (usual: 10 % to 50 %; threshold "
        f"{DROPPED:.0%}); with dropout off the loss is better by {max(gap, 0):.0%} of a guess's.",
        "Lower dropout to 0.5 or less.",
    )


DROPPED = 0.7
"""Srivastava et al. 2014 use 0.2 for inputs and 0.5 for units; Keras' documents go up to 0.5."""


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
                0.81,
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
    """Whether the targets depend on what happened in the first steps: a simple model says so."""
    x, y = facts.seen.inputs, facts.seen.targets
    if x is None or y is None or x.ndim < 2 or len(x) != len(y):
        return False
    early = x[:, : max(1, x.shape[1] // 5)]
    found = learnable(early, y, classes=facts.classifies)
    return found is not None and found.skill > 0.2


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
        0.79 if always else 0.6,
        f"{max(start, end):.0%} of {worst.name} lies at its bounds (threshold {SATURATED:.0%})"
        f"{', from the start to the end' if always else ''}: no gradient passes there.",
        "Use ReLU or normalise before the activation, and lower what is multiplied into it.",
    )


SATURATED = 0.6


def network_too_small(facts: Facts) -> Finding | None:
    """Trained to its end, and still worse than a simple but wider model."""
    simple = facts.learnable
    if facts.ending not in {"bad", "partial"} or simple is None:
        return None
    if not simple.found:
        return _too_few_weights(facts)
    hidden = _narrowest(facts)
    improving = facts.curve.slope_over_noise > 4 and facts.curve.falling > 0.15
    if hidden is None or hidden > 3 or improving or not facts.beaten:
        return None
    what = f"{hidden} units in its narrowest hidden layer" if hidden else "no hidden layer"
    return Finding(
        "network_too_small",
        0.79,
        f"The network has {what}, has stopped improving, and reaches {max(facts.reached, 0):.0%} "
        f"where a wider simple model reaches {max(simple.skill, simple.label_skill):.0%}.",
        "Add a hidden layer, or more units to it.",
    )


def _too_few_weights(facts: Facts) -> Finding | None:
    """Labels without a rule have to be learnt by heart: a weight holds two of them."""
    records = facts.seen.loop.records
    size = sum(p.size for p in facts.seen.parameters if p.optimized and p.trainable)
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
    wrong_output_activation,
    wrong_loss,
    poor_initialization,
    dropout_too_high,
    vanishing_gradient,
    saturated_activation,
    network_too_small,
)
