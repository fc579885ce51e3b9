"""Starting weights, drawn in NumPy from the seed, so that every backend starts alike.

Weights are a dictionary of float64 arrays; a layer's gates are stacked as its cell's record says,
``gates`` of them, and the names of its weights begin with its own (`harness.scenario.layer`):

- ``lstm.N.weight_ih`` `[gates * units, inputs]`, ``lstm.N.weight_hh`` `[gates * units, outputs]`,
  ``lstm.N.bias_ih`` and ``lstm.N.bias_hh`` `[gates * units]`, unless layers have none; of a
  projected layer also ``lstm.N.weight_hr`` `[outputs, units]`; those of the other direction
  ``lstm.N.reverse.weight_ih`` and so on;
- ``embedding.weight`` `[vocabulary, embedding]`, where token ids are embedded;
- ``head.weight`` `[outputs, width of the last layer]`, ``head.bias`` `[outputs]`.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from harness.scenario import Model
from harness.scenario.layer import RecurrentLayer

Floats = NDArray[np.float64]
Weights = dict[str, Floats]

WEIGHT_STREAM = 1
"""Second stream of a seed's numbers, after its data."""

KERAS_HEAD_LIMIT = 0.05
"""Keras' RandomUniform draws from (-0.05, 0.05); the hello-world author's head used it."""

KERAS_EMBEDDING_LIMIT = 0.05
"""Of Keras' Embedding, whose default is that RandomUniform."""


def draw(model: Model, features: int, outputs: int, seed: int) -> Weights:
    """Draw the starting weights of ``model`` for ``seed``.

    ``features`` is how many numbers a step has, or the size of an embedding's vocabulary.

    Sources: Glorot & Bengio 2010 (xavier), He et al. 2015 (he, fan-in normal), Saxe et al. 2014
    (orthogonal), Jozefowicz et al. 2015 (forget bias 1, with keras); torch: uniform within
    1/sqrt(units), as ``nn.LSTM.reset_parameters`` documents. All but torch leave biases at zero.
    """
    rng = np.random.default_rng([seed, WEIGHT_STREAM])
    weights: Weights = {}
    for layer in model.layers(features):
        weights |= {f"{layer.name}.{name}": values for name, values in _layer(model, layer, rng)}
    weights["head.weight"] = _head(model, model.width, outputs, rng) * model.init_scale
    limit = _bias_limit(model, model.width)
    weights["head.bias"] = rng.uniform(-limit, limit, outputs)
    if model.embedding is None:
        return weights
    table = _embedding(model, features, model.embedding, rng) * model.init_scale
    return {"embedding.weight": table} | weights


def _embedding(model: Model, vocabulary: int, width: int, rng: np.random.Generator) -> Floats:
    """Draw as Keras' Embedding does, as `nn.Embedding` does, or as a matrix."""
    match model.init:
        case "keras":
            return rng.uniform(-KERAS_EMBEDDING_LIMIT, KERAS_EMBEDDING_LIMIT, (vocabulary, width))
        case "torch":
            return rng.normal(size=(vocabulary, width))
        case other:
            return _MATRICES[other](width, vocabulary, rng)


def _layer(
    model: Model, layer: RecurrentLayer, rng: np.random.Generator
) -> list[tuple[str, Floats]]:
    input_kernel, recurrent_kernel = _kernels(model, layer, rng)
    drawn = [
        ("weight_ih", input_kernel * model.init_scale),
        ("weight_hh", recurrent_kernel * model.init_scale),
    ]
    if model.bias:
        drawn += zip(("bias_ih", "bias_hh"), _biases(model, layer.units, rng), strict=True)
    if model.projection:
        projection = _projection(model, layer.units, layer.outputs, rng)
        drawn.append(("weight_hr", projection * model.init_scale))
    return drawn


def _biases(model: Model, units: int, rng: np.random.Generator) -> Floats:
    """Draw both biases of a layer `[2, gates * units]`, and set a forget gate's."""
    gates, limit = model.cell.gates, _bias_limit(model, units)
    biases = rng.uniform(-limit, limit, (2, len(gates) * units))
    usual = model.initialiser.forget_bias
    forget_bias = usual if model.forget_bias is None else model.forget_bias
    if forget_bias is not None and "forget" in gates:
        first = gates.index("forget") * units
        biases[:, first : first + units] = [[forget_bias], [0.0]]
    return biases


def _bias_limit(model: Model, units: int) -> float:
    return float(1 / np.sqrt(units)) if model.initialiser.biases_drawn else 0.0


def _head(model: Model, inputs: int, outputs: int, rng: np.random.Generator) -> Floats:
    match model.init:
        case "keras":
            return rng.uniform(-KERAS_HEAD_LIMIT, KERAS_HEAD_LIMIT, (outputs, inputs))
        case "torch":
            limit = 1 / np.sqrt(inputs)
            return rng.uniform(-limit, limit, (outputs, inputs))
        case other:
            return _MATRICES[other](inputs, outputs, rng)


def _projection(model: Model, units: int, outputs: int, rng: np.random.Generator) -> Floats:
    """Draw what a layer's outputs are projected by; Keras, which has none, would take Glorot's."""
    match model.init:
        case "keras":
            return _glorot(units, outputs, rng)
        case "torch":
            limit = 1 / np.sqrt(units)
            return rng.uniform(-limit, limit, (outputs, units))
        case other:
            return _MATRICES[other](units, outputs, rng)


def _kernels(
    model: Model, layer: RecurrentLayer, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Draw the input and the recurrent kernel, all gates of each."""
    gates, inputs, units, recurrent = len(model.cell.gates), *layer[1:]
    match model.init:
        case "keras":  # the gates are one matrix: fan-out is that of all together
            return _glorot(inputs, gates * units, rng), _orthogonal(recurrent, gates * units, rng)
        case "torch":
            limit = 1 / np.sqrt(units)
            kernels = rng.uniform(-limit, limit, (gates * units, inputs + recurrent))
            return kernels[:, :inputs], kernels[:, inputs:]
        case other:  # each gate by itself
            draw_gate = _MATRICES[other]
            ih = np.concatenate([draw_gate(inputs, units, rng) for _ in range(gates)])
            hh = np.concatenate([draw_gate(recurrent, units, rng) for _ in range(gates)])
            return ih, hh


def _glorot(inputs: int, outputs: int, rng: np.random.Generator) -> Floats:
    limit = np.sqrt(6 / (inputs + outputs))
    return rng.uniform(-limit, limit, (outputs, inputs))


def _he(inputs: int, outputs: int, rng: np.random.Generator) -> Floats:
    return rng.normal(0, np.sqrt(2 / inputs), (outputs, inputs))


def _orthogonal(inputs: int, outputs: int, rng: np.random.Generator) -> Floats:
    """A random matrix with orthonormal rows or columns, whichever are fewer (Mezzadri 2007)."""
    q, r = np.linalg.qr(rng.normal(size=(max(inputs, outputs), min(inputs, outputs))))
    q = q * np.sign(np.diag(r))
    return q if outputs >= inputs else q.T


def _zeros(inputs: int, outputs: int, _rng: np.random.Generator) -> Floats:
    return np.zeros((outputs, inputs))


def _ones(inputs: int, outputs: int, _rng: np.random.Generator) -> Floats:
    return np.ones((outputs, inputs))


def _normal(inputs: int, outputs: int, rng: np.random.Generator) -> Floats:
    return rng.normal(size=(outputs, inputs))


_MATRICES: Mapping[str, Callable[[int, int, np.random.Generator], Floats]] = {
    "module": _zeros,  # the framework draws its own; rounding asks the reference all the same
    "xavier": _glorot,
    "he": _he,
    "orthogonal": _orthogonal,
    "zeros": _zeros,
    "constant": _ones,
    "normal": _normal,
}
