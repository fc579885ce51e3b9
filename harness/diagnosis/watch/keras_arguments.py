"""Arguments of Keras' methods by name, however they were given."""

from typing import Any

FIT = [
    "x",
    "y",
    "batch_size",
    "epochs",
    "verbose",
    "callbacks",
    "validation_split",
    "validation_data",
    "shuffle",
    "class_weight",
    "sample_weight",
    "initial_epoch",
    "steps_per_epoch",
    "validation_steps",
    "validation_batch_size",
    "validation_freq",
]
BATCH = ["x", "y", "sample_weight", "class_weight", "return_dict"]
PREDICT = ["x", "batch_size", "verbose", "steps", "callbacks"]
EVALUATE = ["x", "y", "batch_size", "verbose", "sample_weight", "steps", "callbacks", "return_dict"]


def named(names: list[str], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """All of them by name."""
    return {**dict(zip(names, args, strict=False)), **kwargs}
