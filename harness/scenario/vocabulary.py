"""The closed vocabularies of scenario files, and the spelling help given for them."""

from difflib import get_close_matches
from typing import Literal, get_args

Expect = Literal["converges", "fails"]
Side = Literal["train", "validation"]
Metric = Literal["accuracy", "balanced_accuracy", "loss", "rmse", "r2"]
Activation = Literal["sigmoid", "hard_sigmoid", "tanh", "relu", "softplus", "linear"]
Initializer = Literal[
    "keras", "torch", "xavier", "he", "orthogonal", "zeros", "constant", "normal", "module"
]
Optimizer = Literal["adam", "adamw", "rmsprop", "sgd"]
Schedule = Literal["constant", "step", "exponential", "cosine"]
Diagnosis = Literal[
    "insufficient_data",
    "class_imbalance",
    "unnormalized_inputs",
    "unscaled_targets",
    "no_signal",
    "network_too_small",
    "network_too_large",
    "saturated_activation",
    "wrong_output_activation",
    "learning_rate_too_low",
    "learning_rate_too_high",
    "batch_too_large",
    "vanishing_gradient",
    "exploding_gradient",
    "poor_initialization",
    "too_few_epochs",
    "overfitting",
    "frozen_parameters",
    "stale_gradients",
    "stale_state",
    "shape_mismatch",
    "not_shuffled",
    "dropout_too_high",
    "wrong_metric",
    "none",
]

CLASSIFICATION_METRICS = frozenset({"accuracy", "balanced_accuracy"})
REGRESSION_METRICS = frozenset({"rmse", "r2"})
DIAGNOSES: tuple[str, ...] = get_args(Diagnosis)


def nearest(name: str, valid: list[str]) -> str:
    """Return the end of a sentence that helps someone who mistyped ``name``.

    ``"; did you mean 'adam'?"`` where one valid name is close, otherwise all there are.
    """
    close = get_close_matches(name, valid, n=1, cutoff=0.6)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; valid: {', '.join(sorted(valid))}" if valid else ""
