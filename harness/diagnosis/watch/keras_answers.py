"""What a Keras network was trained on, and what it answers once it is trained."""

from typing import Any

import numpy as np

from harness.diagnosis.observations import Array, Loss
from harness.diagnosis.watch.keras_data import array, flat, joined
from harness.diagnosis.watch.keras_layers import flat_layers, is_counted
from harness.diagnosis.watch.keras_training import KerasTraining
from harness.diagnosis.watch.quiet import quiet


def data_of(training: KerasTraining) -> tuple[Any, Any] | None:
    """Inputs and targets given to ``fit``, or batch by batch."""
    if training.data is not None:
        return training.data
    pairs = [(a, array(b)) for a, b in training.batches if array(a) is not None]
    shapes = {tuple(part.shape[1:] for part in flat([a, b])) for a, b in pairs}
    if not pairs or any(b is None for _, b in pairs) or len(shapes) > 1:
        return None
    return joined([a for a, _ in pairs]), np.concatenate([b for _, b in pairs])


def answers_for(training: KerasTraining, x: Any) -> Array | None:
    """The first output `[records, ...]` in evaluation mode; ``None`` if the network refuses."""
    found: Array | None = array(all_answers_for(training, x))
    return found


def all_answers_for(training: KerasTraining, x: Any) -> Any:
    """Outputs `[records, ...]` in evaluation mode, nested as they are; ``None`` if it refuses."""
    if x is None:
        return None
    kept = [(weight, np.array(weight)) for weight in training.model.variables]
    try:
        size = (
            training.batch
            if any(getattr(each, "stateful", False) for each in flat_layers(training.model))
            else 256
        )
        with quiet():
            answers = training.model.predict(x, verbose=0, batch_size=size)
    except Exception:  # noqa: BLE001 - the user's own network may refuse anything
        for weight, value in kept:
            weight.assign(
                value
            )  # on JAX `predict` takes them out, and an exception leaves them out
        return None
    return answers


def bring_back(model: Any) -> None:
    """On JAX `fit` takes the weights out of a model; one that an exception ends leaves them out."""
    if getattr(model, "_jax_state", None) is not None:
        model.jax_state_sync()


def draws_in_evaluation(training: KerasTraining, x: Any) -> bool:
    """Whether a network with dropout answers the same records differently each time."""
    kinds = {type(layer).__name__ for layer in flat_layers(training.model)}
    if not any("Dropout" in kind for kind in kinds) or not isinstance(x, np.ndarray):
        return False
    one, two = (answers_for(training, x[:64]) for _ in range(2))
    return (
        one is not None and two is not None and not np.allclose(one, two, atol=1e-6, equal_nan=True)
    )


def remembers(training: KerasTraining, x: Any) -> bool:
    """Whether the answer for one batch depends on which batch was asked for before.

    Layers of Keras' own that remember say ``stateful``; one of the script's own writes what it
    remembers into a weight that is not trained.
    """
    model, size = training.model, training.batch
    kept = [w for w in model.non_trainable_weights if not is_counted(w.path)]
    if not kept or not isinstance(x, np.ndarray) or len(x) < 2 * size:
        return False
    before, answers = model.get_weights(), []
    asked = x[:size]
    try:
        for first in (x[size : 2 * size], asked):
            model(first)
            answers.append(array(model(asked)))
    finally:
        model.set_weights(before)
    one, two = answers
    return one is not None and not np.allclose(one, two, rtol=1e-4, atol=1e-6, equal_nan=True)


def classes_second(described: Loss, outputs: Array | None) -> Array | None:
    """Outputs with classes on the second axis, as PyTorch's losses take them.

    Those of probabilities become logarithms, as Keras' cross entropy takes them.
    """
    if outputs is None or described.kind not in {"nll", "cross_entropy"}:
        return outputs
    if described.kind == "nll":
        total = np.maximum(outputs.sum(-1, keepdims=True), 1e-7)
        outputs = np.log(np.clip(outputs / total, 1e-7, 1 - 1e-7))
    return np.asarray(np.moveaxis(outputs, -1, 1)) if outputs.ndim > 2 else outputs  # noqa: PLR2004 - records and classes


def class_numbers(described: Loss, targets: Array | None, outputs: Array | None) -> Array | None:
    """Targets of a cross entropy as class numbers, whether they were one-hot or not."""
    if targets is None or described.kind not in {"nll", "cross_entropy"} or outputs is None:
        return targets
    if described.sparse:
        return (
            targets.reshape(targets.shape[: outputs.ndim - 1]).astype(np.int64)
            if targets.size == np.prod(outputs.shape[:-1]) or len(targets) != len(outputs)
            else targets
        )
    if targets.ndim and targets.shape[-1] > 1 and np.allclose(targets.sum(-1), 1):
        return np.asarray(targets.argmax(-1))
    return targets
