"""What a case can claim: whether it converges, on which records, and why it does not."""

from typing import Literal, get_args

Expect = Literal["converges", "fails"]
Side = Literal["train", "validation"]
Pairing = Literal["seed", "none"]
Direction = Literal["two-sided", "slower", "faster"]
MARGIN = 0.05
"""Relative change that is tolerated unless a case says otherwise: of 25 epochs, one."""

Diagnosis = Literal[
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
    "none",
]
DIAGNOSES: tuple[str, ...] = get_args(Diagnosis)
