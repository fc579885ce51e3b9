"""Which symptoms each stated reason of failure can show.

A case that fails with another symptom does not fail for its stated reason. The table says what
the mechanism allows, not what was measured: a rate too low cannot diverge, too few epochs means
that loss was still falling.
"""

from harness.verdict.symptom import Symptom

_STOPPED = {Symptom.PLATEAUED, Symptom.NO_BETTER_THAN_GUESSING}
_STUCK = _STOPPED | {Symptom.STILL_IMPROVING}
_RESTLESS = {Symptom.OSCILLATING, Symptom.RELAPSED}
_TRAINED = set(Symptom) - {Symptom.CRASHED, Symptom.TIMED_OUT, Symptom.NON_FINITE_AT_START}

SYMPTOMS: dict[str, frozenset[Symptom]] = {
    cause: frozenset(symptoms)
    for cause, symptoms in {
        "insufficient_data": {Symptom.OVERFIT, Symptom.RELAPSED},
        "class_imbalance": _STUCK | _RESTLESS | {Symptom.OVERFIT},
        "unnormalized_inputs": _TRAINED - {Symptom.OVERFIT},
        "unscaled_targets": _STUCK | _RESTLESS,
        "labels_misaligned": _STUCK | _RESTLESS | {Symptom.OVERFIT},
        "no_signal": _STOPPED | {Symptom.OSCILLATING, Symptom.OVERFIT},
        "network_too_small": _STUCK | _RESTLESS,
        "network_too_large": _RESTLESS | {Symptom.OVERFIT, Symptom.DIVERGED},
        "saturated_activation": _STUCK | _RESTLESS | {Symptom.DIVERGED},
        "wrong_output_activation": _STUCK | _RESTLESS,
        "wrong_loss": _TRAINED,
        "learning_rate_too_low": _STUCK,
        "learning_rate_too_high": _RESTLESS | _STOPPED | {Symptom.DIVERGED},
        "batch_too_large": _STUCK,
        "vanishing_gradient": _STUCK | _RESTLESS | {Symptom.OVERFIT},
        "exploding_gradient": _RESTLESS | _STOPPED | {Symptom.DIVERGED},
        "poor_initialization": _STUCK | _RESTLESS | {Symptom.DIVERGED, Symptom.NON_FINITE_AT_START},
        "non_finite_data": {Symptom.NON_FINITE_AT_START, Symptom.DIVERGED},
        "too_few_epochs": _STUCK,  # a slope may be below what can be told from standing still
        "overfitting": {Symptom.OVERFIT},
        "frozen_parameters": _STUCK,
        "stale_gradients": _STUCK | _RESTLESS | {Symptom.DIVERGED},
        "stale_state": _STUCK | _RESTLESS,
        "broken_graph": _STUCK | _RESTLESS,
        "train_mode_missing": _TRAINED,
        "shape_mismatch": _STUCK | _RESTLESS,
        "not_shuffled": _STUCK | _RESTLESS,
        "dropout_too_high": _STUCK | _RESTLESS,
        "wrong_metric": _TRAINED,
        "none": _TRAINED
        | {
            Symptom.NON_FINITE_AT_START
        },  # any failure but one that says nothing: a crash, or the clock's
    }.items()
}
