"""How much of a Keras network's activations lies at their bounds, at the start and at the end."""

from dataclasses import replace
from typing import Any

import numpy as np

from harness.diagnosis.observations import Layer
from harness.diagnosis.watch.keras_layers import flat_layers
from harness.diagnosis.watch.keras_training import KerasTraining

NEAR = 0.01
"""Distance from a bound at which nearly no gradient passes."""

LOWEST = {"sigmoid": 0.0, "softmax": 0.0, "tanh": -1.0}


def with_saturation(
    training: KerasTraining, layers: tuple[Layer, ...], x: Any
) -> tuple[Layer, ...]:
    """Measure activations on some records, with the starting weights and with the last.

    Args:
        training: its network is left as it is.
        layers: of the same network, in order.
        x: inputs `[records, ...]`.

    Returns:
        The layers, those that end in a bounded or rectifying function with their shares
        at the bounds; unchanged where the network has no graph of layers to look into.
    """
    model = training.model
    made = flat_layers(model)
    picked = [
        at
        for at, layer in enumerate(layers)
        if layer.activation in (*LOWEST, "relu") and at < len(made) and not _gated(made[at])
    ]
    if not picked or training.start is None:
        return layers
    now = model.get_weights()
    try:
        model.set_weights(training.start)
        start = _shares(model, [made[at] for at in picked], layers, picked, x)
        model.set_weights(now)
        end = _shares(model, [made[at] for at in picked], layers, picked, x)
    except Exception:  # noqa: BLE001 - a user's own network need not have a graph of layers
        return layers
    finally:
        model.set_weights(now)
    measured = list(layers)
    for at, one, two in zip(picked, start, end, strict=True):
        measured[at] = replace(layers[at], saturated=(one, two))
    return tuple(measured)


def _gated(layer: Any) -> bool:
    """Whether gates of an LSTM or a GRU stand behind the activation, as it is no output."""
    return hasattr(layer, "recurrent_activation")


def _shares(
    model: Any, made: list[Any], layers: tuple[Layer, ...], picked: list[int], x: Any
) -> list[float]:
    import keras  # noqa: PLC0415 - Keras is imported when it is needed

    outputs = keras.Model(model.inputs, [layer.output for layer in made])(x, training=False)
    outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    return [
        _at_bounds(layers[at].activation, keras.ops.convert_to_numpy(values))
        for at, values in zip(picked, outputs, strict=True)
    ]


def _at_bounds(activation: str, values: Any) -> float:
    """Share of values at the bounds; of ReLU, units that are off for every record."""
    if activation == "relu":
        return float((values.reshape(-1, values.shape[-1]).max(0) <= 0).mean())
    low = LOWEST[activation]
    return float(np.mean((values - low < NEAR) | (1 - values < NEAR)))
