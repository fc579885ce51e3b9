"""What `model.init` declares about every starting tensor, written apart from the drawing."""

from collections.abc import Iterator
from math import sqrt

from harness.initial import KERAS_EMBEDDING_LIMIT, KERAS_HEAD_LIMIT
from harness.probes.toolkit.distribution import (
    Constant,
    Distribution,
    Normal,
    Orthogonal,
    Uniform,
    scaled,
)
from harness.scenario import Model
from harness.scenario.layer import RecurrentLayer

Rows = slice
Declared = tuple[str, Rows, Distribution]
"""A tensor's name, some of its rows, and how their elements are distributed."""


def declared(model: Model, features: int, outputs: int) -> Iterator[Declared]:
    """Yield the distribution of every part of every tensor, by the names of `harness.initial`."""
    if model.embedding is not None:
        yield "embedding.weight", slice(features), _embedding(model, features, model.embedding)
    for layer in model.layers(features):
        for name, fan_in in (("weight_ih", layer.inputs), ("weight_hh", layer.outputs)):
            for rows in _blocks(model, layer.units):
                kernel = _kernel(model, name, fan_in, layer.units)
                yield f"{layer.name}.{name}", rows, kernel
        if model.projection:
            projection = _projection(model, layer)
            yield f"{layer.name}.weight_hr", slice(layer.outputs), projection
        if model.bias:
            yield from _biases(model, layer.name, layer.units)
    yield "head.weight", slice(outputs), _head(model, model.width, outputs)
    limit = 1 / sqrt(model.width) if not model.initialiser.one_bias else 0.0
    yield "head.bias", slice(outputs), scaled(Uniform, limit)


def _embedding(model: Model, vocabulary: int, width: int) -> Distribution:
    """Return how an embedding is drawn: Keras documents +-0.05, PyTorch N(0, 1)."""
    match model.init:
        case "keras":
            return scaled(Uniform, model.init_scale * KERAS_EMBEDDING_LIMIT)
        case "torch":
            return scaled(Normal, model.init_scale)
        case "module":
            return scaled(Normal, 1.0)
        case _:
            return _gate(model, width, vocabulary)


def _blocks(model: Model, units: int) -> list[Rows]:
    """Return the rows that are drawn together: of all gates, or of each by itself."""
    gates = len(model.cell.gates)
    if model.initialiser.gates_together:
        return [slice(gates * units)]
    return [slice(gate * units, (gate + 1) * units) for gate in range(gates)]


def _kernel(model: Model, name: str, fan_in: int, units: int) -> Distribution:
    scale = 1.0 if model.initialiser.by_framework else model.init_scale
    match model.init:
        case "keras" if name == "weight_ih":
            return scaled(Uniform, scale * sqrt(6 / (fan_in + len(model.cell.gates) * units)))
        case "keras":
            return scaled(Orthogonal, scale)
        case "torch" | "module":
            return scaled(Uniform, scale / sqrt(units))
        case _:
            return _gate(model, fan_in, units)


def _projection(model: Model, layer: RecurrentLayer) -> Distribution:
    """Return how a layer's projection is drawn: Keras has none, Glorot's stands for it."""
    if model.init == "keras":
        limit = model.init_scale * sqrt(6 / (layer.units + layer.outputs))
        return scaled(Uniform, limit)
    if model.init in ("torch", "module"):
        return _kernel(model, "weight_hr", layer.units, layer.units)
    return _gate(model, layer.units, layer.outputs)


def _gate(model: Model, fan_in: int, fan_out: int) -> Distribution:
    """Return how one gate, or a head, is drawn by the remaining initialisers."""
    match model.init:
        case "xavier":
            return scaled(Uniform, model.init_scale * sqrt(6 / (fan_in + fan_out)))
        case "he":
            return scaled(Normal, model.init_scale * sqrt(2 / fan_in))
        case "orthogonal":
            return scaled(Orthogonal, model.init_scale)
        case "normal":
            return scaled(Normal, model.init_scale)
        case other:
            return Constant(model.init_scale if other == "constant" else 0.0)


def _head(model: Model, inputs: int, outputs: int) -> Distribution:
    match model.init:
        case "keras":
            return scaled(Uniform, model.init_scale * KERAS_HEAD_LIMIT)
        case "torch":
            return scaled(Uniform, model.init_scale / sqrt(inputs))
        case "module":
            return Uniform(1 / sqrt(inputs))
        case _:
            return _gate(model, inputs, outputs)


def _biases(model: Model, layer: str, units: int) -> Iterator[Declared]:
    """Yield both biases, gate by gate; the forget gate's may start at a declared value."""
    limit = 0.0 if model.initialiser.one_bias else 1 / sqrt(units)
    facts = model.initialiser
    forget = facts.forget_bias if model.forget_bias is None else model.forget_bias
    for name, value in (("bias_ih", forget), ("bias_hh", 0.0)):
        for number, gate in enumerate(model.cell.gates):
            rows = slice(number * units, (number + 1) * units)
            given = gate == "forget" and forget is not None and not facts.by_framework
            yield (
                f"{layer}.{name}",
                rows,
                Constant(value or 0.0) if given else scaled(Uniform, limit),
            )
