"""What a compiled Keras loss says of itself: which one it is, and how much of it is gone.

A loss of the script's own is a function that can be asked. What it gives for outputs and targets
of our making tells which one it is, whatever its name; its value for the network's answers, beside
that for the best constant answer, tells what was learnt, whatever it measures.
"""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it
# ruff: noqa: SLF001 - the compiled loss is private

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from harness.diagnosis.observations import Array
from harness.diagnosis.watch.keras_training import KerasTraining
from harness.diagnosis.watch.quiet import quiet

MOST_BATCHES = 24
"""Batches whose loss is asked for, each as large as those that were trained on."""

NUDGE = 0.1
"""Share of the targets' spread that an answer is moved by, to see whether the loss grows."""


def asked(model: Any, targets: Any, outputs: Any, weights: Any = None) -> float:
    """The compiled loss, or the network's own `compute_loss`; NaN where it is no number.

    Args:
        model: a compiled network.
        targets: `[records, ...]`, nested as `fit` was given them.
        outputs: `[records, ...]`, nested as the network puts them out.
        weights: `[records, ...]` of records or of their steps; ``None`` where all count alike.
    """
    import keras  # noqa: PLC0415 - Keras is imported when it is needed

    def tensor(value: Any) -> Any:
        made = np.asarray(value)
        return keras.ops.convert_to_tensor(
            made.astype("float32") if made.dtype.kind == "f" else made
        )

    given = [
        None if part is None else keras.tree.map_structure(tensor, part)
        for part in (targets, outputs, weights)
    ]
    try:
        own = type(model).compute_loss is not keras.Model.compute_loss
        with quiet():
            found = _computed(model, *given) if own else model._compile_loss(*given)
        return float(np.mean(keras.ops.convert_to_numpy(found)))
    except Exception:  # noqa: BLE001 - the user's own loss may refuse anything
        return float("nan")


def _computed(model: Any, targets: Any, outputs: Any, weights: Any) -> Any:
    """What a network's own `compute_loss` says; what it counts meanwhile is taken back."""
    import keras  # noqa: PLC0415 - Keras is imported when it is needed

    counts = [(each, keras.ops.convert_to_numpy(each)) for each in model.metrics_variables]
    given = {"x": None, "y": targets, "y_pred": outputs, "sample_weight": weights}
    takes = inspect.signature(model.compute_loss).parameters  # older ones have no mode
    try:
        return model.compute_loss(**given, **({"training": False} if "training" in takes else {}))
    finally:
        for count, value in counts:
            count.assign(value)


def on_the_targets_scale(model: Any, targets: Any, outputs: Any) -> bool:
    """Whether the loss is least where outputs are the targets, and grows whichever way they leave.

    Then outputs and targets are the same quantities, and can be compared. The logarithm of a rate,
    a score before a sigmoid, a direction, a distance are not: moved in some way they cost less, or
    nothing.
    """
    if not isinstance(outputs, np.ndarray) or not isinstance(targets, np.ndarray):
        return False
    if outputs.size != targets.size or not outputs.size:
        return False
    right = targets.astype("float64").reshape(outputs.shape)
    step = NUDGE * float(right.std())
    signs = np.random.default_rng(0).choice([-1.0, 1.0], right.shape)
    least = asked(model, targets, right)
    moved = [right + step, right - step, right + signs * step, right * (1 - NUDGE)]
    found = np.array([asked(model, targets, each) for each in moved])
    real = found[np.isfinite(found)]
    grown = real > least + 1e-6 * abs(least)
    return step > 0 and bool(np.isfinite(least)) and len(real) > 1 and bool(grown.all())


def compares_all(model: Any, outputs: Array, targets: Array) -> bool:
    """Whether the loss compares every output with every target, as broadcasting makes it do.

    Then it is the same for targets in another order, though not for other targets; and what two
    halves of a batch cost is the mean of what each costs, unlike a distance between distributions.
    """
    maker = np.random.default_rng(0)
    output, target = (maker.uniform(0.1, 0.9, (16, *part.shape[1:])) for part in (outputs, targets))
    first = asked(model, target, output)
    moved, other = asked(model, np.roll(target, 5, 0), output), asked(model, 1 - target, output)
    if not np.isclose(first, moved, rtol=1e-5) or np.isclose(first, other, rtol=1e-3):
        return False
    ends = [np.broadcast_to(row, output.shape) for row in output[:2]]
    both = np.concatenate([ends[0][:8], ends[1][:8]])
    found = np.array([asked(model, target, each) for each in (*ends, both)])
    return any(
        bool(np.isclose(found[:2].mean(), found[2], rtol=1e-4)) for found in (found, found**2)
    )


def share_gone(training: KerasTraining, targets: Any, outputs: Any, weights: Any) -> float | None:
    """Share of the best constant answer's loss that is gone; ``None`` where that has no meaning.

    Args:
        training: its loss is asked.
        targets: `[records, ...]`, nested as `fit` was given them.
        outputs: `[records, ...]` of the trained network for the same records.
        weights: `[records, ...]` or ``None``.
    """
    count = len(_leaves(outputs)[0])
    size = min(training.batch, count)
    order = np.random.default_rng(0).permutation(count)
    picks = [order[at : at + size] for at in range(0, count - size + 1, size)][:MOST_BATCHES]

    def lost(answers: Any) -> float:
        each = [
            asked(training.model, *(_taken(part, pick) for part in (targets, answers, weights)))
            for pick in picks
        ]
        return float(np.mean(each))

    alike = on_the_targets_scale(training.model, targets, outputs)
    guesses = [_constant(outputs, np.mean)]
    if alike:
        own = np.asarray(targets, "float64").reshape(outputs.shape)
        guesses += [_constant(own, np.mean), _constant(own, np.median)]
    reached, guess = lost(outputs), min(lost(each) for each in guesses)
    floor = lost(own) if alike else 0.0
    if not min(reached, guess) >= floor or not guess - floor > 1e-12:
        return None  # no number, or no lowest value that is known
    return 1 - (reached - floor) / (guess - floor)


def _leaves(value: Any) -> list[Any]:
    import keras  # noqa: PLC0415 - Keras is imported when it is needed

    return list(keras.tree.flatten(value))


def _taken(value: Any, pick: Array) -> Any:
    return _mapped(lambda part: np.asarray(part)[pick], value)


def _constant(outputs: Any, middle: Callable[..., Any]) -> Any:
    """The same answer for every record."""

    def spread(part: Any) -> Any:
        made = np.asarray(part, "float64")
        return np.broadcast_to(middle(made, axis=0), made.shape)

    return _mapped(spread, outputs)


def _mapped(function: Callable[[Any], Any], value: Any) -> Any:
    import keras  # noqa: PLC0415 - Keras is imported when it is needed

    return None if value is None else keras.tree.map_structure(function, value)
