"""Layers, parameters and output function of a Keras network, as observations."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

import math
from typing import Any

import numpy as np

from harness.diagnosis.drawn import drawn
from harness.diagnosis.observations import Array, Function, Layer, Parameter
from harness.diagnosis.watch.keras_training import KerasTraining

PASSING = {"Flatten", "Reshape", "Dropout", "Identity", "Permute", "Masking", "InputLayer"}
"""Layers that do not change what function ends the network."""

FUNCTIONS: dict[str, Function] = {
    "softmax": "softmax",
    "log_softmax": "log_softmax",
    "sigmoid": "sigmoid",
    "hard_sigmoid": "sigmoid",
    "tanh": "tanh",
    "relu": "relu",
    "linear": "linear",
}


def flat_layers(model: Any) -> list[Any]:
    """Layers in order, those of nested networks and wrappers included."""
    found = []
    for layer in model.layers if hasattr(model, "layers") else []:
        if hasattr(layer, "layers") and layer.layers:
            found += flat_layers(layer)
        else:
            found.append(layer)
    return found


def layers(model: Any) -> tuple[Layer, ...]:
    """The layers as observations."""
    found = []
    for at, layer in enumerate(flat_layers(model)):
        inner = getattr(layer, "layer", None) or getattr(layer, "forward_layer", None) or layer
        width = next(
            (
                v
                for n in ("units", "filters", "output_dim")
                if isinstance(v := getattr(inner, n, None), int)
            ),
            None,
        )
        rate = getattr(inner, "rate", None)
        dropout = (
            float(rate) if isinstance(rate, float) and "ropout" in type(inner).__name__ else 0.0
        )
        for name in ("dropout", "recurrent_dropout"):
            value = getattr(inner, name, 0.0)
            dropout = max(dropout, float(value) if isinstance(value, float) else 0.0)
        found.append(
            Layer(
                name=layer.name,
                kind=type(layer).__name__,
                width=width,
                dropout=dropout,
                activation=_activation(layer),
                depth=at,
            )
        )
    return tuple(found)


def _activation(layer: Any) -> str:
    if type(layer).__name__ in {"Softmax", "ReLU"}:
        return type(layer).__name__.lower()
    return getattr(getattr(layer, "activation", None), "__name__", "")


def as_looked_up(model: Any, inputs: Array | None) -> Array | None:
    """Inputs as the first layer takes them: an embedding cuts fractions off.

    Args:
        model: the network.
        inputs: `[records, ...]`, as they are given to it.
    """
    if inputs is None or inputs.dtype.kind != "f" or not np.isfinite(inputs).all():
        return inputs
    kinds = [type(layer).__name__ for layer in flat_layers(model)]
    first = next((kind for kind in kinds if kind not in PASSING), "")
    return inputs.astype(np.int64) if first == "Embedding" else inputs


def output_function(model: Any) -> Function:
    """The function that ends a network, or a layer of it."""
    if (applied := _applied_last(model)) is not None:
        return applied
    for layer in reversed(flat_layers(model) if hasattr(model, "layers") else [model]):
        if type(layer).__name__ in PASSING:
            continue
        name = _activation(getattr(layer, "layer", None) or layer)
        return FUNCTIONS.get(name, "unknown") if name else "unknown"
    return "unknown"


def _applied_last(model: Any) -> Function | None:
    """A function of `keras.ops` that ends a functional network; ``None`` where a layer does."""
    outputs = getattr(model, "outputs", None) or []
    if len(outputs) != 1 or not hasattr(outputs[0], "_keras_history"):
        return None
    operation = outputs[0]._keras_history.operation  # noqa: SLF001 - Keras says it nowhere else
    name = type(operation).__name__.lower()
    return None if hasattr(operation, "weights") else OPERATIONS.get(name)


def is_probability(outputs: Array | None) -> bool:
    """Whether outputs `[records, classes]` sum to one, as those of softmax do and no others."""
    if outputs is None or outputs.ndim < 2 or outputs.shape[-1] < 2 or len(outputs) < FEW:
        return False
    return bool(np.all(outputs >= 0) and np.allclose(outputs.sum(-1), 1, atol=1e-4))


FEW = 10
"""Records of which not all sum to one by chance."""

OPERATIONS: dict[str, Function] = {**FUNCTIONS, "logsoftmax": "log_softmax"}


def is_counted(path: str) -> bool:
    """Whether Keras itself keeps count there, of random numbers or of batches: no weight."""
    return "moving_" in path or "seed" in path


def parameters(training: KerasTraining, elsewhere: set[int]) -> tuple[Parameter, ...]:
    """Every weight with its start and how far it moved.

    Args:
        training: whose weights.
        elsewhere: weights, by ``id``, that another training of the script updates.
    """
    model = training.model
    owners = {}
    for at, layer in enumerate(flat_layers(model)):
        for weight in layer.weights:
            owners[weight.path] = (at, type(layer).__name__)
    found = []
    start = training.start or [None] * len(model.weights)
    for weight, first in zip(model.weights, start, strict=False):
        if is_counted(weight.path) or weight.dtype in {"uint32", "int64"}:
            continue
        now = np.asarray(weight.numpy() if hasattr(weight, "numpy") else weight)
        before = now if first is None else np.asarray(first)
        depth, kind = owners.get(weight.path, (0, ""))
        found.append(
            Parameter(
                name=weight.path,
                shape=tuple(before.shape),
                layer=kind,
                trainable=id(weight) in training.trainable,
                weight=float(np.linalg.norm(before)),
                moved=float(np.linalg.norm(now - before)) if first is not None else None,
                spread=float(before.std()) if before.size > 1 else 0.0,
                constant=bool(before.size > 1 and np.all(before == before.flat[0])),
                usual=_usual(tuple(before.shape), kind),
                depth=depth,
                elsewhere=id(weight) in elsewhere,
                fresh=before.ndim > 1
                and drawn(
                    before.reshape(-1, before.shape[-1]),
                    math.prod(before.shape[:-1]),
                    before.shape[-1],
                ),
            )
        )
    return tuple(found)


def _usual(shape: tuple[int, ...], kind: str) -> float:
    if len(shape) < 2:
        return 0.0
    if kind == "Embedding":
        return 0.03
    fan_in = math.prod(shape[:-1])
    return math.sqrt(2 / fan_in)
