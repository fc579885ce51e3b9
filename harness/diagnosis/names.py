"""How each cause is called in a title."""

from harness.scenario.vocabulary import CAUSES, Cause

__all__ = ["CAUSES", "TITLES", "Cause"]

TITLES: dict[Cause, str] = {
    "insufficient_data": "There are too few records to generalise from",
    "class_imbalance": "The rare class is never predicted",
    "unnormalized_inputs": "The inputs are not normalised",
    "unscaled_targets": "The targets are not scaled",
    "no_signal": "The inputs say nothing about the targets",
    "labels_misaligned": "Inputs and targets do not belong together",
    "network_too_small": "The network is too small for the task",
    "network_too_large": "The network is too large for its data",
    "saturated_activation": "Activations are saturated",
    "wrong_output_activation": "The output's activation does not fit loss or targets",
    "wrong_loss": "The loss does not fit the targets",
    "learning_rate_too_low": "The learning rate is too low",
    "learning_rate_too_high": "The learning rate is too high",
    "batch_too_large": "The batches are too large: hardly any updates",
    "vanishing_gradient": "The gradient vanishes on its way back",
    "exploding_gradient": "The gradient explodes",
    "non_finite_data": "The data hold values that are not finite",
    "poor_initialization": "The starting weights cannot be trained from",
    "too_few_epochs": "Training ended while it was still learning",
    "overfitting": "The network learns its training records by heart",
    "frozen_parameters": "Parameters are never updated",
    "stale_gradients": "Gradients are not zeroed between updates",
    "stale_state": "Hidden state leaks from one batch into the next",
    "broken_graph": "The graph is cut between loss and parameters",
    "train_mode_missing": "The network is in the wrong mode",
    "shape_mismatch": "Shapes do not match, and broadcasting hides it",
    "not_shuffled": "Sorted records are not shuffled",
    "dropout_too_high": "Dropout removes nearly everything",
    "wrong_metric": "The metric does not measure what is trained",
}
