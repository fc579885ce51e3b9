"""Where the catalogue shows each cause: a case that fails by it, with its remedy beside it."""

from harness.diagnosis.names import Cause

EXAMPLES: dict[Cause, str] = {
    "insufficient_data": "data/insufficient_data",
    "class_imbalance": "data/class_imbalance",
    "unnormalized_inputs": "data/unnormalized_inputs",
    "unscaled_targets": "data/unscaled_targets",
    "no_signal": "data/no_signal",
    "labels_misaligned": "data/labels_misaligned",
    "network_too_small": "model/network_size",
    "network_too_large": "model/too_large",
    "saturated_activation": "model/saturated",
    "wrong_output_activation": "model/output_activation",
    "wrong_loss": "loop/wrong_loss",
    "learning_rate_too_low": "training/learning_rate",
    "learning_rate_too_high": "training/learning_rate",
    "batch_too_large": "training/batch_size",
    "vanishing_gradient": "training/vanishing_gradient",
    "exploding_gradient": "training/exploding_gradient",
    "non_finite_data": "loop/non_finite_data",
    "poor_initialization": "model/poor_init",
    "too_few_epochs": "training/budget",
    "overfitting": "model/regularization",
    "frozen_parameters": "model/frozen_parameters",
    "stale_gradients": "loop/stale_gradients",
    "stale_state": "loop/stale_state",
    "broken_graph": "loop/broken_graph",
    "train_mode_missing": "loop/train_mode_missing",
    "shape_mismatch": "loop/shape_mismatch",
    "not_shuffled": "data/storage_order",
    "dropout_too_high": "model/dropout",
    "wrong_metric": "loop/wrong_metric",
}


def command(cause: Cause) -> str:
    """Return the command that trains the scenario which shows a cause."""
    file = EXAMPLES[cause].rpartition("/")[2]
    return f"pytest --pyargs harness.scenarios -k {file}.toml"
