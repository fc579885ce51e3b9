"""Edits of a scenario file: what two cases differ by, and which causes that addresses."""

from collections.abc import Callable, Mapping
from typing import Any

from harness.diagnosis.names import Cause
from harness.diagnosis.observations import Optimizer
from harness.diagnosis.rates import usual
from harness.scenario import Case
from harness.scenario.case import NOT_TRAINING, SECTIONS

Edit = Mapping[str, tuple[Any, Any]]
"""Keys such as ``training.learning_rate``, each with its value before and after."""

Causes = frozenset[Cause]
NONE: Causes = frozenset()


def difference(case: Case, other: Case) -> Edit | None:
    """Return what makes one case another; ``None`` if they do not ask the same of training."""
    if case.converged != other.converged:
        return None
    found: dict[str, tuple[Any, Any]] = {}
    for section in SECTIONS:
        if section in NOT_TRAINING:
            continue
        before, after = (_keys(getattr(each, section).model_dump()) for each in (case, other))
        for key in before.keys() | after.keys():
            if before.get(key) != after.get(key):
                found[f"{section}.{key}"] = before.get(key), after.get(key)
    return found


def _keys(section: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by key, those that own code is called with under keys of their own."""
    found = dict(section)
    arguments = found.pop(ARGUMENTS, None) or {}
    return found | {f"{ARGUMENTS}.{name}": value for name, value in arguments.items()}


ARGUMENTS = "arguments"


def as_toml(edit: Edit | None) -> tuple[str, ...]:
    """Write an edit as lines of a case's table.

    What it takes away is left out, but for what own code is called with.
    """
    return tuple(
        f"{key} = {_value(after)}" if after is not None else f"without {key}"
        for key, (before, after) in sorted((edit or {}).items())
        if (after is not None and (after or before is not None)) or f".{ARGUMENTS}." in key
    )


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key} = {_value(each)}' for key, each in value.items())}}}"
    return f'"{value}"' if isinstance(value, str) else f"{value:g}"


def addressed(edit: Edit) -> Causes:
    """Return the causes that an edit can mend.

    More epochs beside another change are the time which that takes, not a remedy themselves.
    """
    by_key = {key: _of(key, *values) for key, values in edit.items()}
    if len(by_key) > 1 and "training.epochs" in by_key:
        del by_key["training.epochs"]
    if not all(by_key.values()):
        return NONE  # what else was changed may be what mends it
    return frozenset[Cause]().union(*by_key.values())


def _of(key: str, before: Any, after: Any) -> Causes:
    known = ADDRESSED.get(key)
    if known is None:
        return NONE
    return known(before, after) if callable(known) else known


def _up(more: Causes, less: Causes = NONE) -> Callable[[Any, Any], Causes]:
    """Causes that a larger value mends, and those that a smaller one does."""
    return lambda before, after: more if (after or 0) > (before or 0) else less


def _width(before: Any, after: Any) -> Causes:
    if len(after) < len(before):
        return frozenset({"vanishing_gradient", "network_too_large", "overfitting"})
    if len(after) > len(before) or max(after) > max(before):
        return frozenset({"network_too_small"})
    return frozenset({"network_too_large", "overfitting"})


SLOW: Causes = frozenset({"learning_rate_too_low", "vanishing_gradient", "poor_initialization"})
FAST: Causes = frozenset({"learning_rate_too_high", "exploding_gradient"})
REGULARISED: Causes = frozenset({"overfitting", "network_too_large"})
INPUTS: Causes = frozenset({"unnormalized_inputs", "saturated_activation"})
TARGETS: Causes = frozenset({"unscaled_targets", "exploding_gradient"})
FEW: Causes = frozenset({"insufficient_data", "overfitting", "network_too_large"})
RARE: Causes = frozenset({"class_imbalance"})
BOUNDED: Causes = frozenset({"saturated_activation", "exploding_gradient"})

ADDRESSED: Mapping[str, Causes | Callable[[Any, Any], Causes]] = {
    "data.normalize": INPUTS,
    "data.offset": INPUTS,
    "data.scale": INPUTS,
    "data.distractor_scale": frozenset({"unnormalized_inputs", "insufficient_data"}),
    "data.normalize_targets": TARGETS,
    "data.target_scale": TARGETS,
    "data.target_offset": TARGETS,
    "data.records": _up(FEW),
    "data.jitter": NONE,
    "data.jitter_copies": NONE,
    "data.oversample": RARE,
    "data.positive_rate": RARE,
    "data.overlap": RARE,
    "data.sort_by_label": frozenset({"not_shuffled"}),
    "data.task": frozenset({"no_signal"}),
    "data.label_noise": frozenset({"no_signal", "overfitting"}),
    "data.timesteps": _up(NONE, frozenset({"vanishing_gradient"})),
    "model.kind": frozenset({"vanishing_gradient"}),
    "model.units": _width,
    "model.init": frozenset({"poor_initialization", "vanishing_gradient"}),
    "model.init_scale": frozenset({"poor_initialization"}),
    "model.forget_bias": frozenset({"vanishing_gradient", "poor_initialization"}),
    "model.bias": frozenset({"vanishing_gradient"}),
    "model.bidirectional": frozenset({"vanishing_gradient"}),
    "model.dropout": _up(REGULARISED, frozenset({"dropout_too_high"})),
    "model.gate_activation": BOUNDED,
    "model.cell_activation": BOUNDED,
    "training.optimizer": SLOW | FAST | frozenset({"not_shuffled"}),
    "training.learning_rate": _up(SLOW | frozenset({"batch_too_large"}), FAST),
    "training.epsilon": SLOW,
    "training.loss": frozenset({"wrong_loss"}),
    "training.momentum": _up(SLOW, FAST),
    "training.weight_decay": _up(REGULARISED),
    "training.batch_size": _up(NONE, frozenset({"batch_too_large", "stale_state"})),
    "training.epochs": _up(frozenset({"too_few_epochs", "batch_too_large"})),
    "training.clip_norm": frozenset({"exploding_gradient"}),
    "training.schedule": frozenset({"learning_rate_too_high"}),
    "training.decay": frozenset({"learning_rate_too_high"}),
    "training.decay_epochs": frozenset({"learning_rate_too_high"}),
    "training.schedule_epochs": frozenset({"learning_rate_too_low"}),
    "training.stateful": frozenset({"stale_state", "no_signal"}),
    "training.warmup_epochs": frozenset({"learning_rate_too_high", "exploding_gradient"}),
    "training.class_weights": RARE,
    "training.shuffle": frozenset({"not_shuffled"}),
}
"""Which causes a change of each key can mend. A user's own code is its owner's to mend."""

MENDS_AT_ONCE: Causes = frozenset(
    {"unnormalized_inputs", "unscaled_targets", "not_shuffled", "exploding_gradient"}
)
"""Causes that are gone once their edit is made: training that fails all the same has another."""


def refutes(edit: Edit, cause: str, case: Case) -> bool:
    """Whether training that fails with an edit speaks against the cause that it addresses.

    A rate that was changed says so only where the new one is usual.
    """
    if addressed(edit) != {cause} and set(edit) != {"training.learning_rate"}:
        return False
    if cause in {"learning_rate_too_high", "learning_rate_too_low"}:
        if set(edit) != {"training.learning_rate"}:
            return False
        low, high = bounds(case) or (0.0, 0.0)
        return bool(low <= edit["training.learning_rate"][1] <= high)
    return cause in MENDS_AT_ONCE


def bounds(case: Case) -> tuple[float, float] | None:
    """Lowest and highest usual rate of a case's optimizer."""
    training = case.training
    return usual(Optimizer(training.optimizer, momentum=training.momentum))
