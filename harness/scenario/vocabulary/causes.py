"""Why a training fails: every cause that a case can state and a diagnosis can name."""

from typing import Literal, get_args

Cause = Literal[
    "insufficient_data",
    "class_imbalance",
    "unnormalized_inputs",
    "unscaled_targets",
    "no_signal",
    "labels_misaligned",
    "network_too_small",
    "network_too_large",
    "saturated_activation",
    "wrong_output_activation",
    "wrong_loss",
    "learning_rate_too_low",
    "learning_rate_too_high",
    "batch_too_large",
    "vanishing_gradient",
    "exploding_gradient",
    "non_finite_data",
    "poor_initialization",
    "too_few_epochs",
    "overfitting",
    "frozen_parameters",
    "stale_gradients",
    "stale_state",
    "broken_graph",
    "train_mode_missing",
    "shape_mismatch",
    "not_shuffled",
    "dropout_too_high",
    "wrong_metric",
]

CAUSES: tuple[Cause, ...] = get_args(Cause)
