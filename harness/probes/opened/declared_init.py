"""What `model.init` declares about every starting tensor, written apart from the drawing."""

from collections.abc import Iterator
from math import sqrt

from harness.initial import KERAS_HEAD_LIMIT
from harness.probes.toolkit.distribution import (
    Constant,
    Distribution,
    Normal,
    Orthogonal,
    Uniform,
    scaled,
)
from harness.scenario import Model

Rows = slice
Declared = tuple[str, Rows, Distribution]
"""A tensor's name, some of its rows, and how their elements are distributed."""


def declared(model: Model, features: int, outputs: int) -> Iterator[Declared]:
    """Yield the distribution of every part of every tensor, by the names of `harness.initial`."""
    inputs = features
    for level, units in enumerate(model.units):
        for name, fan_in in (("weight_ih", inputs), ("weight_hh", units)):
            for rows in _blocks(model, units):
                kernel = _kernel(model, name, fan_in, units)
                yield f"lstm.{level}.{name}", rows, kernel
        yield from _biases(model, f"lstm.{level}", units)
        inputs = units
    yield "head.weight", slice(outputs), _head(model, inputs, outputs)
    limit = 1 / sqrt(inputs) if not model.one_bias else 0.0
    yield "head.bias", slice(outputs), scaled(Uniform, limit)


def _blocks(model: Model, units: int) -> list[Rows]:
    """Gates are drawn together by keras, torch and the framework; one by one otherwise."""
    if model.init in ("keras", "torch", "module"):
        return [slice(4 * units)]
    return [slice(gate * units, (gate + 1) * units) for gate in range(4)]


def _kernel(model: Model, name: str, fan_in: int, units: int) -> Distribution:
    scale = 1.0 if model.init == "module" else model.init_scale
    match model.init:
        case "keras" if name == "weight_ih":
            return scaled(Uniform, scale * sqrt(6 / (fan_in + 4 * units)))
        case "keras":
            return scaled(Orthogonal, scale)
        case "torch" | "module":
            return scaled(Uniform, scale / sqrt(units))
        case _:
            return _gate(model, fan_in, units)


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
    """Yield both biases; the forget gate's rows, the second quarter, by themselves."""
    limit = 0.0 if model.one_bias else 1 / sqrt(units)
    forget = 1.0 if model.forget_bias is None and model.init == "keras" else model.forget_bias
    for name, value in (("bias_ih", forget), ("bias_hh", 0.0)):
        for gate in range(4):
            rows = slice(gate * units, (gate + 1) * units)
            given = gate == 1 and forget is not None and model.init != "module"
            yield (
                f"{layer}.{name}",
                rows,
                Constant(value or 0.0) if given else scaled(Uniform, limit),
            )
