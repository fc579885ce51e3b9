"""A case as Keras layers and loss, with its optimiser."""

from typing import Any

import keras

from harness.backends.keras.gradient import make_gradient
from harness.backends.keras.optimizer import make_optimizer
from harness.dataset import Dataset
from harness.initial import Floats, Weights, draw
from harness.scenario import Case, Training


class KerasModel:
    """The compiled `keras.Model` of a case: traced once, then started anew for each seed."""

    def __init__(self, case: Case, data: Dataset) -> None:
        self.case, self.features, self.outputs = case, data.x.shape[2], data.outputs
        self.model = _layers(case, data)
        self.model.compile(
            optimizer=make_optimizer(case.training), loss=make_loss(data, case.training)
        )
        self.model.optimizer.build(self.model.trainable_variables)
        self.gradient = make_gradient(self.model)
        self.layers = [layer for layer in self.model.layers if layer.trainable_variables]
        self.names = tuple(layer.name.replace("_", ".") for layer in self.layers)
        variables = self.model.optimizer.variables
        self._start = [keras.ops.convert_to_numpy(variable).copy() for variable in variables]

    def start(self, seed: int) -> None:
        """Set the starting weights of ``seed``, a fresh optimiser and fresh dropout masks."""
        for variable, value in zip(self.model.optimizer.variables, self._start, strict=True):
            variable.assign(value)
        weights = draw(self.case.model, self.features, self.outputs, seed)
        for name, layer in zip(self.names, self.layers, strict=True):
            layer.set_weights(_keras_weights(weights, name))
        for depth, layer in enumerate(self.model.layers):
            if isinstance(layer, keras.layers.Dropout):
                layer.seed_generator.state.assign([seed, depth])


def _layers(case: Case, data: Dataset) -> Any:
    declared, dtype = case.model, case.training.dtype
    inputs = x = keras.Input(data.x.shape[1:], dtype=dtype)
    for depth, units in enumerate(declared.units):
        x = keras.layers.LSTM(
            units,
            activation=declared.cell_activation,
            recurrent_activation=declared.gate_activation,
            return_sequences=data.each_step or depth < len(declared.units) - 1,
            dtype=dtype,
            name=f"lstm_{depth}",
        )(x)
        if declared.dropout:
            x = keras.layers.Dropout(declared.dropout, dtype=dtype)(x)
    return keras.Model(inputs, keras.layers.Dense(data.outputs, dtype=dtype, name="head")(x))


def _keras_weights(weights: Weights, layer: str) -> list[Floats]:
    """Transpose the kernels and add the two biases, one of which is 0; gates are in one order."""
    if layer == "head":
        return [weights["head.weight"].T, weights["head.bias"]]
    bias = weights[f"{layer}.bias_ih"] + weights[f"{layer}.bias_hh"]
    return [weights[f"{layer}.weight_ih"].T, weights[f"{layer}.weight_hh"].T, bias]


def make_loss(data: Dataset, training: Training) -> Any:
    """Return the loss; weighted by record as PyTorch does it: see `KerasRun`."""
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
