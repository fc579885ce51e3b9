"""Mistakes that updates show: gradients reused or cut off, states that leak, weights left out."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

from harness.diagnosis.answer import Finding
from harness.diagnosis.facts import Facts
from harness.diagnosis.observations import BY_HAND, Parameter

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
        f"their records do not go on where those ended: the state belongs to others.",
        "Start each batch from a zero state (pass no state, or stateful=False).",
    )


def broken_graph(facts: Facts) -> Finding | None:
    """Parameters in the forward pass and in the optimizer that no gradient reaches."""
    seen = facts.seen
    if seen.loop.erased:
        return None
    held = [p for p in seen.parameters if p.optimized and p.trainable and p.used]
    matrices = [p for p in held if p.is_matrix and p.gradients is not None]
    if not matrices or (seen.optimizer.name == BY_HAND and not seen.loop.cut):
        return None
    keras = seen.framework == "keras"  # whose gradients are zero, never missing
    shut = keras and facts.inputs is not None and facts.inputs.largest > SHUTS
    none = all(p.cut_off and (keras or not p.gradients) for p in held) and not shut
    if seen.loop.cut or none:
        return Finding(
            "broken_graph",
            0.96,
            "No parameter of the network ever received a gradient: the loss is not connected to "
            "it.",
            "Compute the loss from the network's output itself: no .item(), .detach(), .data, "
            ".numpy(), argmax, or new torch.tensor(...) in between.",
        )
    if (detached := _detached_steps(facts)) is not None:
        return detached
    missing = [p for p in matrices if p.cut_off and not p.gradients]
    if keras:
        missing = [p for p in matrices if p.cut_off and not _saturates(facts)]
    if not missing or len(missing) == len(matrices):
        return None
    reached = {p.depth for p in matrices if not p.cut_off}
    before = [p for p in missing if p.depth < max(reached) and p.depth not in reached]
    if facts.failed and len({p.depth for p in matrices}) == 1:
        before = _most(missing, matrices)  # which of them comes first is not known
    share = sum(p.size for p in before) / sum(p.size for p in matrices)
    drawn = all(p.fresh for p in before) and facts.reached < BEST  # nobody keeps those on purpose
    if not before or (facts.ending == "good" and share < OFTEN and not drawn):
        return None
    return Finding(
        "broken_graph",
        0.94,
        f"{_names(before)}: in the optimizer and in the forward pass, but no gradient arrives in "
        f"any update, while later layers get theirs ({share:.0%} of the weights are cut off).",
        "Look between that layer and the next for .detach(), .data, .numpy(), torch.no_grad() or "
        "a new torch.tensor(...), and pass the tensor itself on.",
    )


def _detached_steps(facts: Facts) -> Finding | None:
    """The state goes from step to step, and its gradient does not."""
    cut, steps = facts.seen.cut_steps, facts.seen.step_gradient
    if not cut or steps is None or _saturates(facts):
        return None
    last = cut == len(steps) - 1  # fewer may be cut on purpose, to save time
    if not facts.failed and not (last and facts.reached < BEST):
        return None
    return Finding(
        "broken_graph",
        0.93,
        f"The output depends on the first {cut} of {len(steps)} time steps, and no gradient "
        "arrives at them: the state is handed on without its graph.",
        "Hand the state itself from step to step: detach it between batches, not within one.",
    )


def _most(missing: list[Parameter], matrices: list[Parameter]) -> list[Parameter]:
    """Those without a gradient, if they hold most of the weights."""
    share = sum(p.size for p in missing) / sum(p.size for p in matrices)
    return missing if share >= OFTEN else []


BEST = 0.97
"""Share of what can be reached above which layers that stay random do no harm."""


def _saturates(facts: Facts) -> bool:
    """Whether zeros in the gradient come from activations or gates that lie at their bounds."""
    recurrent = any(kind in p.layer for p in facts.seen.parameters for kind in RECURRENT)
    if recurrent and facts.inputs is not None and facts.inputs.largest > SHUTS:
        return True
    return any(layer.saturated and max(layer.saturated) > 0.9 for layer in facts.seen.layers)


RECURRENT = ("RNN", "LSTM", "GRU")

SHUTS = 50.0
"""Inputs this large, times weights near a third, shut a gate: beyond 17 the slope of a sigmoid is
zero in single precision."""


def frozen_parameters(facts: Facts) -> Finding | None:
    """Parameters that take part in the forward pass and that nothing updates."""
    seen = facts.seen
    if seen.loop.erased:
        return ERASED
    matrices = [p for p in seen.parameters if p.is_matrix and p.used and not p.elsewhere]
    idle = [p for p in matrices if not p.optimized or not p.trainable]
    if not idle:
        return _never_stepped(facts) or _unmoved(facts)
    if seen.loop.interleaved:
        return None
    share = sum(p.size for p in idle) / max(sum(p.size for p in matrices), 1)
    return _forgotten(facts, idle, share) or _set_aside(facts, idle, share)


ERASED = Finding(
    "frozen_parameters",
    0.97,
    "Gradients arrive in loss.backward(), and are gone again when the optimizer makes its update: "
    "no weight changes.",
    "Call optimizer.zero_grad() before loss.backward(), not between it and optimizer.step().",
)


def _forgotten(facts: Facts, idle: list[Parameter], share: float) -> Finding | None:
    """Parameters that ask for a gradient and that no optimizer updates: nobody wants that."""
    orphans = [p for p in facts.seen.parameters if p.optimized and not p.used]
    unregistered = [p for p in idle if not p.registered and p.trainable]
    waiting = [p for p in idle if p.waiting]
    missing = [p for p in idle if p.trainable and not p.optimized]
    if unregistered:
        text = (
            f"{_names(unregistered)}: run in the forward pass, but the model does not know them "
            f"(layers in a plain list?) and no optimizer holds them: {share:.0%} of the weights."
        )
        remedy = (
            "Put the layers into nn.ModuleList or nn.Sequential, and build the optimizer after."
        )
    elif waiting:
        text = (
            f"{_names(waiting)}: have a gradient and an optimizer of their own, which never makes "
            f"a step: {share:.0%} of the weights."
        )
        remedy = "Call step() on each optimizer."
    elif missing and orphans:
        text = (
            f"{_names(missing)}: in the forward pass but in no optimizer, which holds "
            f"{len(orphans)} parameters that are not used: it was built for other layers."
        )
        remedy = "Build the optimizer after the last change to the network."
    else:
        return None
    return Finding("frozen_parameters", 0.95, text, remedy)


def _set_aside(facts: Facts, idle: list[Parameter], share: float) -> Finding | None:
    """Layers that stay as they were drawn, and the network is none the better for it."""
    layers = [p for p in idle if "mbedding" not in p.layer]  # often frozen on purpose
    forgotten = all(p.trainable for p in layers)  # nobody has said that they are not to be trained
    least, most = (SOME, BEST) if forgotten else (OFTEN, 0.9)
    drawn = bool(layers) and all(p.fresh for p in layers)
    fresh = drawn and share > least and facts.reached < most
    if not fresh and (not facts.failed or (facts.ending == "partial" and share < OFTEN)):
        return None
    missing = any(p.trainable and not p.optimized for p in idle)
    why = "no optimizer holds them" if missing else "requires_grad is False"
    return Finding(
        "frozen_parameters",
        0.9 if share > OFTEN else 0.7,
        f"{_names(idle)}: {why}, so {share:.0%} of the weights stay as they were drawn.",
        "Give them to the optimizer, and set requires_grad (trainable) to True before it is built.",
    )


SOME = 0.2
"""Share of the weights from which layers that nobody meant to leave as drawn cost much."""


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


def _names(parameters: list[Parameter]) -> str:
    names = [p.name for p in parameters]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


CAUSES = (stale_gradients, stale_state, broken_graph, frozen_parameters)
