"""A case as Keras layers and loss, with its optimiser."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from harness.backends.keras.arrays import MASKED
from harness.backends.keras.gradient import make_gradient
from harness.backends.keras.optimizer import make_optimizer
from harness.dataset import Dataset
from harness.initial import Floats, Weights, draw
from harness.scenario import Case, Model, Training
from harness.scenario.vocabulary import CELLS, CellName


class KerasModel:
    """The compiled `keras.Model` of a case: traced once, then started anew for each seed."""

    def __init__(self, case: Case, data: Dataset) -> None:
        self.case, self.features, self.outputs = case, data.features, data.outputs
        self.padded = data.padded
        self.model = _layers(case, data)
        self.model.compile(
            optimizer=make_optimizer(case.training), loss=make_loss(data, case.training)
        )
        self.model.optimizer.build(self.model.trainable_variables)
        self.gradient = make_gradient(self.model)
        self.layers = [
            direction
            for layer in self.model.layers
            if layer.trainable_variables
            for direction in _directions(layer)
        ]
        embedding = ("embedding",) if case.model.embedding else ()
        recurrent = (layer.name for layer in case.model.layers(self.features))
        self.names = (*embedding, *recurrent, "head")
        variables = self.model.optimizer.variables
        self._start = [keras.ops.convert_to_numpy(variable).copy() for variable in variables]

    def start(self, seed: int) -> None:
        """Set the starting weights of ``seed``, a fresh optimiser and fresh dropout masks."""
        for variable, value in zip(self.model.optimizer.variables, self._start, strict=True):
            variable.assign(value)
        weights = draw(self.case.model, self.features, self.outputs, seed)
        for name, layer in zip(self.names, self.layers, strict=True):
            layer.set_weights(self._keras_weights(weights, name))
        for depth, layer in enumerate(self.model.layers):
            if isinstance(layer, keras.layers.Dropout):
                layer.seed_generator.state.assign([seed, depth])

    def _keras_weights(self, weights: Weights, name: str) -> list[Floats]:
        """Return a layer's starting weights in Keras' layout."""
        if name == "head":
            return [weights["head.weight"].T, weights["head.bias"]]
        if name == "embedding":  # that of the step which is not there is read by no layer
            masked = np.zeros((int(self.padded), self.case.model.embedding or 0))
            return [np.concatenate([masked, weights["embedding.weight"]])]
        return _recurrent_weights(self.case.model.kind, weights, name)


def _layers(case: Case, data: Dataset) -> Any:
    declared, dtype = case.model, case.training.dtype
    inputs, x = _inputs(declared, data, dtype)
    for depth in range(len(declared.units)):
        whole = data.each_step or depth < len(declared.units) - 1
        layer = _recurrent(declared, depth, dtype=dtype, return_sequences=whole)
        x = (keras.layers.Bidirectional(layer) if declared.bidirectional else layer)(x)
        if declared.dropout:
            x = keras.layers.Dropout(declared.dropout, dtype=dtype)(x)
    return keras.Model(inputs, keras.layers.Dense(data.outputs, dtype=dtype, name="head")(x))


def _inputs(model: Model, data: Dataset, dtype: str) -> tuple[Any, Any]:
    """Return the model's inputs, and what its first layer gets: masked where records end early."""
    if model.embedding is None:
        inputs = keras.Input(data.x.shape[1:], dtype=dtype)
        return inputs, keras.layers.Masking(MASKED, dtype=dtype)(inputs) if data.padded else inputs
    inputs = keras.Input(data.x.shape[1:2], dtype="int32")
    rows = data.vocabulary + data.padded
    table = keras.layers.Embedding(rows, model.embedding, mask_zero=data.padded, dtype=dtype)
    return inputs, table(inputs)


def _recurrent(model: Model, depth: int, **options: Any) -> Any:
    """Return Keras' own layer of one direction; its GRU's reset gate acts after the product."""
    common = {"activation": model.cell_activation, "use_bias": model.bias} | options
    common["name"] = f"{model.kind}_{depth}"
    if model.cell.gated:
        common["recurrent_activation"] = model.gate_activation
    match model.kind:
        case "lstm":
            return keras.layers.LSTM(model.units[depth], **common)
        case "gru":
            return keras.layers.GRU(model.units[depth], reset_after=True, **common)
        case "rnn":
            return keras.layers.SimpleRNN(model.units[depth], **common)


def _directions(layer: Any) -> list[Any]:
    """Return the layers of both directions where there are two, the sequence's own first."""
    both = isinstance(layer, keras.layers.Bidirectional)
    return [layer.forward_layer, layer.backward_layer] if both else [layer]


GATES: Mapping[CellName, tuple[str, ...]] = {"gru": ("update", "reset", "new")}
"""Keras' order of gates where it is not PyTorch's."""


def _recurrent_weights(kind: CellName, weights: Weights, layer: str) -> list[Floats]:
    """Transpose the kernels and put gates into Keras' order.

    Where Keras has one bias it is the sum of the two, one of which is 0; a GRU has both.
    """
    gates, order = CELLS[kind].gates, GATES.get(kind, CELLS[kind].gates)

    def ordered(name: str) -> Floats:
        parts = np.split(weights[f"{layer}.{name}"], len(gates))
        return np.concatenate([parts[gates.index(gate)] for gate in order])

    kernels = [ordered("weight_ih").T, ordered("weight_hh").T]
    if f"{layer}.bias_ih" not in weights:
        return kernels
    biases = ordered("bias_ih"), ordered("bias_hh")
    return [*kernels, biases[0] + biases[1] if CELLS[kind].biases_add else np.stack(biases)]


def make_loss(data: Dataset, training: Training) -> Any:
    """Return the loss; weighted as PyTorch does it: see `weights_of`."""
    dtype = training.dtype
    match training.loss_of("classes" if data.classes else "values"):
        case "mae":
            return keras.losses.MeanAbsoluteError(dtype=dtype)
        case "huber":
            return keras.losses.Huber(delta=training.huber_delta, dtype=dtype)
        case "mse":
            return keras.losses.MeanSquaredError(dtype=dtype)
        case "bce":
            return keras.losses.BinaryCrossentropy(from_logits=True, dtype=dtype)
    if training.label_smoothing:
        return keras.losses.CategoricalCrossentropy(
            from_logits=True, label_smoothing=training.label_smoothing, dtype=dtype
        )
    reduction = "sum_over_batch_size" if data.class_weights is None else "mean_with_sample_weight"
    return keras.losses.SparseCategoricalCrossentropy(
        from_logits=True, reduction=reduction, dtype=dtype
    )
