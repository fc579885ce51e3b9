"""Mistakes in the training loop: seen directly, so they count even where training went well."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

import numpy as np

from harness.diagnosis.answer import Finding
from harness.diagnosis.facts import Facts
from harness.diagnosis.observations import BY_HAND, Floats, Parameter

OFTEN = 0.5
"""Share of updates from which an event is the loop's habit, not an exception to it."""


def stale_gradients(facts: Facts) -> Finding | None:
    """Gradients of one update are still there when the next is computed."""
    share = facts.seen.loop.stale
    if share < OFTEN or facts.steps < 3:
        return None
    return Finding(
        "stale_gradients",
        0.93,
        f"{share:.0%} of updates add to gradients that an earlier update has used already "
        f"(threshold {OFTEN:.0%}).",
        "Call optimizer.zero_grad() before each loss.backward().",
    )


def stale_state(facts: Facts) -> Finding | None:
    """Records begin in the state that other records left behind."""
    loop = facts.seen.loop
    if loop.carried < OFTEN or facts.steps < 3:
        return None
    unknown = loop.shuffled is None and (facts.failed or loop.draws_orders)
    if loop.shuffled is not True and not unknown:
        return None
    return Finding(
        "stale_state",
        0.9,
        f"{loop.carried:.0%} of batches start from the hidden state of the batch before, though "
        f"records come in a new order each epoch: the state belongs to other records.",
        "Start each batch from a zero state (pass no state, or stateful=False).",
    )


def broken_graph(facts: Facts) -> Finding | None:
    """Parameters in the forward pass and in the optimizer that no gradient reaches."""
    seen = facts.seen
    held = [p for p in seen.parameters if p.optimized and p.trainable and p.used]
    matrices = [p for p in held if p.is_matrix and p.gradients is not None]
    if not matrices or (seen.optimizer.name == BY_HAND and not seen.loop.cut):
        return None
    if seen.loop.cut or all(p.cut_off for p in held):
        return Finding(
            "broken_graph",
            0.97,
            "No parameter of the network ever received a gradient: the loss is not connected to "
            "it.",
            "Compute the loss from the network's output itself: no .item(), .detach(), .data, "
            ".numpy(), argmax, or new torch.tensor(...) in between.",
        )
    missing = [p for p in matrices if p.cut_off and not p.gradients]
    if seen.framework == "keras":  # its gradients are zero, never missing
        missing = [p for p in matrices if p.cut_off and not _saturates(facts)]
    if not missing or len(missing) == len(matrices):
        return None
    last = max(p.depth for p in matrices if not p.cut_off)
    before = [p for p in missing if p.depth < last]
    share = sum(p.size for p in before) / sum(p.size for p in matrices)
    if not before or (facts.ending == "good" and share < 0.5):
        return None
    return Finding(
        "broken_graph",
        0.94,
        f"{_names(before)}: in the optimizer and in the forward pass, but no gradient arrives in "
        f"any update, while later layers get theirs ({share:.0%} of the weights are cut off).",
        "Look between that layer and the next for .detach(), .data, .numpy(), torch.no_grad() or "
        "a new torch.tensor(...), and pass the tensor itself on.",
    )


def _saturates(facts: Facts) -> bool:
    """Whether zeros in the gradient come from activations that lie at their bounds."""
    return any(layer.saturated and max(layer.saturated) > 0.9 for layer in facts.seen.layers)


def frozen_parameters(facts: Facts) -> Finding | None:
    """Parameters that take part in the forward pass and that nothing updates."""
    seen = facts.seen
    matrices = [p for p in seen.parameters if p.is_matrix and p.used]
    idle = [p for p in matrices if not p.optimized or not p.trainable]
    if not idle:
        return _never_stepped(facts) or _unmoved(facts)
    orphans = [p for p in seen.parameters if p.optimized and not p.used]
    unregistered = [p for p in idle if not p.registered and p.trainable]
    share = sum(p.size for p in idle) / max(sum(p.size for p in matrices), 1)
    if unregistered and not seen.loop.interleaved:
        return Finding(
            "frozen_parameters",
            0.95,
            f"{_names(unregistered)}: run in the forward pass, but the model does not know them "
            f"(layers in a plain list?) and no optimizer holds them: {share:.0%} of the weights.",
            "Put the layers into nn.ModuleList or nn.Sequential, and build the optimizer after.",
        )
    missing = [p for p in idle if p.trainable and not p.optimized]
    if missing and orphans and not seen.loop.interleaved:
        return Finding(
            "frozen_parameters",
            0.95,
            f"{_names(missing)}: in the forward pass but in no optimizer, which holds "
            f"{len(orphans)} parameters that are not used: it was built for other layers.",
            "Build the optimizer after the last change to the network.",
        )
    layers = [p for p in idle if "mbedding" not in p.layer]  # often frozen on purpose
    fresh = bool(layers) and all(p.fresh for p in layers) and share > OFTEN and facts.reached < 0.9
    if not fresh and (not facts.failed or (facts.ending == "partial" and share < OFTEN)):
        return None
    if seen.loop.interleaved:
        return None
    why = "requires_grad is False" if not missing else "no optimizer holds them"
    return Finding(
        "frozen_parameters",
        0.9 if share > OFTEN else 0.7,
        f"{_names(idle)}: {why}, so {share:.0%} of the weights stay as they were drawn.",
        "Give them to the optimizer, and set requires_grad (trainable) to True before it is built.",
    )


def _never_stepped(facts: Facts) -> Finding | None:
    """Gradients are computed again and again, and no weight ever changes."""
    held = [p for p in facts.matrices if p.moved is not None]
    by_hand = facts.seen.optimizer.name == BY_HAND
    if not by_hand or facts.steps < 3 or not held or any(p.moved for p in held):
        return None
    return Finding(
        "frozen_parameters",
        0.95,
        f"Gradients were computed {facts.steps} times, and no weight has changed: no optimizer "
        f"made a step.",
        "Call optimizer.step() after loss.backward().",
    )


def _unmoved(facts: Facts) -> Finding | None:
    """Parameters with gradients that are the same after training as before."""
    held = [p for p in facts.matrices if p.moved is not None and max(p.gradients or (0,)) > NOTICED]
    still = [p for p in held if p.moved == 0 and facts.rate and not _lost_in_rounding(facts, p)]
    if not still or not facts.failed:
        return None
    return Finding(
        "frozen_parameters",
        0.9,
        f"{_names(still)}: unchanged after {facts.steps} updates although they have a gradient.",
        "Call optimizer.step() on the optimizer that holds these parameters.",
    )


NOTICED = 1e-8
"""Norm of a gradient below which Adam's epsilon, and float32, let no update through."""


def _lost_in_rounding(facts: Facts, parameter: Parameter) -> bool:
    """Whether an update of plain SGD is too small to change its weight."""
    if "sgd" not in facts.seen.optimizer.name:
        return False
    update = (facts.rate or 0.0) * max(parameter.gradients or (0,))
    return update < ROUNDED * parameter.weight


ROUNDED = 1e-6
"""Single precision keeps 6e-8 of a value; ten times that for weights of different sizes."""


def train_mode_missing(facts: Facts) -> Finding | None:
    """Dropout or batch normalisation runs in the wrong mode."""
    loop = facts.seen.loop
    if loop.in_eval >= 0.2 and facts.steps >= 3:
        after = "after an evaluation " if loop.eval_then_train else ""
        return Finding(
            "train_mode_missing",
            0.92,
            f"{loop.in_eval:.0%} of training passes run in evaluation mode {after}(threshold "
            f"20%): dropout and batch normalisation are switched off while training.",
            "Call model.train() at the start of every epoch, after any model.eval().",
        )
    if loop.predicts_in_train > OFTEN:
        return Finding(
            "train_mode_missing",
            0.9,
            "The trained network is called with training=True on records that are not trained on: "
            "dropout and batch statistics disturb its answers.",
            "Call it with training=False, or use predict.",
        )
    if loop.always_dropped:
        return Finding(
            "train_mode_missing",
            0.9,
            "Dropout runs in a network that is in evaluation mode: it answers the same records "
            "differently each time.",
            "Use nn.Dropout or F.dropout(x, p, self.training), in Keras no training=True.",
        )
    return _worse_in_train_mode(facts)


def _worse_in_train_mode(facts: Facts) -> Finding | None:
    """The last evaluation again, in evaluation mode: it says something better."""
    if facts.evaluated is None:
        return None
    as_made, instead = facts.evaluated
    name = "accuracy" if facts.classifies else "explained variance"
    gain = instead.score - as_made.score
    if gain < MODE_COSTS:
        return None
    return Finding(
        "train_mode_missing",
        0.9,
        f"Evaluation runs in training mode: {name} {as_made.score:.0%}, of the same records in "
        f"evaluation mode {instead.score:.0%} (threshold: {MODE_COSTS:.0%} more).",
        "Call model.eval() before evaluating, and model.train() after.",
    )


MODE_COSTS = 0.06
"""Points that dropout or batch statistics cost an evaluation: of 300 records, twice the error of
a share near 0.9."""


def shape_mismatch(facts: Facts) -> Finding | None:
    """Output and target, or records of one batch, are mixed by their shapes."""
    seen = facts.seen
    if seen.loss.broadcast:
        return Finding(
            "shape_mismatch",
            0.98,
            f"The loss compares output {list(seen.loss.output_shape)} with target "
            f"{list(seen.loss.target_shape)}: broadcasting compares every output with every "
            f"target.",
            "Give both one shape: output.squeeze(-1), or target.unsqueeze(-1).",
        )
    leak = LEAK if facts.failed else MIXED
    if seen.leak > leak and not seen.loop.interleaved:
        return Finding(
            "shape_mismatch",
            0.9 if facts.failed else 0.75,
            f"The output for one record changes by {seen.leak:.2g} standard deviations when the "
            f"other records of its batch change (threshold {leak}): an axis is mistaken for "
            f"another.",
            "Check batch_first=True, and use permute or transpose, not view or reshape, to swap "
            "axes.",
        )
    return None


LEAK = 0.02
"""Ratio to the spread of outputs; rounding leaves less than 1e-4."""

MIXED = 0.2
"""The same where training went well: a network may standardise by its batch on purpose."""


def not_shuffled(facts: Facts) -> Finding | None:
    """Sorted records are met in the order they are stored in."""
    batches = [b.reshape(len(b), -1)[:, 0] for b in facts.seen.batches if b.ndim and len(b) > 1]
    if len(batches) < 4 or facts.seen.loop.shuffled is True:
        return None
    every = [b.astype(float) for b in batches]
    whole = float(_variance(every, together=True))
    if whole <= 0:
        return None
    within = float(_variance(every, together=False)) / whole
    numbers = not facts.classifies
    if within > SORTED or (numbers and _is_series(facts)):
        return None
    final = facts.final or facts.trained
    if final is None or (max(final.skill, final.balanced_skill) > 0.5 and not facts.short):
        return None
    return Finding(
        "not_shuffled",
        0.88,
        f"Within a batch the targets vary by {within:.0%} of what they vary overall (threshold "
        f"{SORTED:.0%}): records are sorted by target and met in that order each epoch.",
        "Shuffle the records: DataLoader(..., shuffle=True), or a new permutation each epoch.",
    )


SORTED = 0.35
"""Batches of ten shuffled records keep 0.9 of the variance; sorted ones a few per cent."""


def _variance(batches: list[Floats], *, together: bool) -> float:
    if together:
        return float(np.concatenate(batches).var())
    return float(np.average([b.var() for b in batches], weights=[len(b) for b in batches]))


def _is_series(facts: Facts) -> bool:
    """Whether neighbouring records are windows of one series: then their order is no fault."""
    inputs = facts.seen.inputs
    if inputs is None or inputs.ndim < 2 or len(inputs) < 4:
        return False
    flat = inputs.reshape(len(inputs), inputs.shape[1], -1)[:, :, 0]
    return bool(np.allclose(flat[:3, 1:], flat[1:4, :-1]))


def wrong_metric(facts: Facts) -> Finding | None:
    """The script's own metric says something else than its outputs."""
    for reading in facts.seen.readings:
        value, right = reading.value, reading.right
        known = value is not None and right is not None
        off = abs(right - value) if value is not None and right is not None else 1.0
        alike = known and right == value and facts.ending == "good"
        if reading.cause == "wrong_metric" and (off > 0.08 or alike):
            said = f" is {value:.2f} where its outputs give {right:.2f}" if known else ""
            return Finding(
                "wrong_metric",
                0.91,
                f"The script's {reading.name}{said}: {reading.why}.",
                "Compare decisions with labels of the same shape: (output > 0) for logits, "
                "argmax over the classes, an error in the target's unit for a regression.",
            )
    return None


def _names(parameters: list[Parameter]) -> str:
    names = [p.name for p in parameters]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


CAUSES = (
    stale_gradients,
    stale_state,
    broken_graph,
    frozen_parameters,
    train_mode_missing,
    shape_mismatch,
    not_shuffled,
    wrong_metric,
)
