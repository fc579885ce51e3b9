"""A declared case, trained for some steps in NumPy."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import count, islice
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from harness.dataset import Dataset, build
from harness.dataset.padding import counted, present
from harness.initial import draw
from harness.reference.activation import Array
from harness.reference.carried import Carried
from harness.reference.loss import declared_loss
from harness.reference.network import Architecture, Weights
from harness.reference.optimizer import OPTIMIZERS, clip
from harness.reference.schedule import Patience, learning_rate
from harness.scenario import Case

TINY = 1e-30
"""As in the backends: a layer that starts at zero has moved by an infinite share."""

EMBEDDING = "embedding.weight"

ORDER_STREAM = 2
"""The documented stream of a seed's numbers that batch order is drawn from."""


@dataclass(frozen=True)
class Trace:
    """What some steps of training did.

    Attributes:
        losses: `[steps]`, each on its own batch.
        gradient_norms: `[steps, layers]`, before clipping.
        update_ratios: `[steps, layers]`, norm of the update over norm of the weights.
        start, weights: before the first and after the last step, the trained ones only.
    """

    losses: Array
    gradient_norms: Array
    update_ratios: Array
    start: Weights
    weights: Weights


class Reference:
    """One seed of a case, its dropout left out."""

    def __init__(self, case: Case, seed: int, dtype: DTypeLike = np.float64) -> None:
        self.case, self.seed = case, seed
        self.data: Dataset = build(case, seed)
        model = case.model
        self.network = Architecture.of(model, each_step=self.data.each_step)
        drawn = draw(model, self.data.features, self.data.outputs, seed)
        self.weights = {name: values.astype(dtype) for name, values in drawn.items()}
        self.x = self.data.x.astype(dtype)
        self.layers = _layers(self.weights, one_bias=model.one_bias)

    @property
    def steps_per_epoch(self) -> int:
        """How many batches an epoch has, a partial last one included."""
        return -(-len(self.data.y) // self.case.training.batch_size)

    def loss_and_gradients(self, batch: Any) -> tuple[Array, Weights]:
        """Return the loss of the records ``batch`` and its gradient for every weight."""
        return self._step(batch, Carried(self.case.training))

    def _step(self, batch: Any, carried: Carried) -> tuple[Array, Weights]:
        x = self.inputs(self.x[batch])
        outputs, passes = self.network.forward(self.weights, x, carried.start(len(x)))
        carried.keep(passes)
        loss, d_outputs = self.loss(outputs, self.data.y[batch])
        gradients = self.network.backward(self.weights, passes, d_outputs)
        if EMBEDDING in self.weights:
            table = np.zeros_like(self.weights[EMBEDDING])
            ids, there = _ids(self.x[batch])
            np.add.at(table, ids[there], gradients["inputs"].swapaxes(0, 1)[there])
            gradients[EMBEDDING] = table
        return loss, gradients

    def inputs(self, x: Array) -> Array:
        """Return what the recurrent layers read of ``x``: itself, or the vectors of its ids."""
        if EMBEDDING not in self.weights:
            return x
        ids, there = _ids(x)
        return np.where(there[..., None], self.weights[EMBEDDING][ids], np.nan)

    def outputs(self, x: Array) -> Array:
        """Return a model's answers, given ``x`` `[records, timesteps, features]`.

        A state that is carried goes through the records in batches, as in training.
        """
        x, training = self.inputs(x.astype(self.x.dtype)), self.case.training
        if not training.stateful:
            return self.network.forward(self.weights, x)[0]
        carried, answers = Carried(training), []
        for first in range(0, len(x), training.batch_size):
            part = x[first : first + training.batch_size]
            outputs, passes = self.network.forward(self.weights, part, carried.start(len(part)))
            carried.keep(passes)
            answers.append(outputs)
        return np.concatenate(answers)

    def evaluate(self) -> Array:
        """Return the loss on all training records at the weights as they are now."""
        return self.loss(self.outputs(self.data.x), self.data.y)[0]

    def _judged_loss(self) -> Array:
        """Return the loss on the records that the criterion looks at."""
        if self.case.converged.on == "train":
            return self.evaluate()
        return self.loss(self.outputs(self.data.x_validation), self.data.y_validation)[0]

    def loss(self, outputs: Array, targets: Array) -> tuple[Array, Array]:
        """Return the declared loss and its gradient with respect to the outputs.

        It is over what there is a target for; the gradient of all else is zero.
        """
        width = self.data.width
        there = present(targets[..., 0] if width else targets)
        rows = counted(outputs, targets, width)
        loss, d_rows = declared_loss(self.case.training, self.data, *rows)
        d_outputs = np.zeros_like(outputs)
        d_outputs[there] = d_rows
        return loss, d_outputs

    def train(self, steps: int) -> Trace:
        """Take ``steps`` steps from the weights as they are."""
        training = self.case.training
        optimizer = OPTIMIZERS[training.optimizer](training)
        flat = self._flat(self.weights)
        self.weights |= self._named(flat)
        start, losses, norms, ratios = flat.copy(), [], [], []
        carried, patience = Carried(training), Patience(training)
        for step, batch in enumerate(islice(self._batches(), steps)):
            if step % self.steps_per_epoch == 0:
                carried = Carried(training)
            loss, gradients = self._step(batch, carried)
            losses.append(loss)
            gradient = self._flat(gradients)
            norms.append(self._norms(gradient))
            if training.clip_norm is not None:
                gradient = clip(gradient, training.clip_norm)
            before = flat.copy()
            rate = patience.share * learning_rate(training, step, self.steps_per_epoch)
            optimizer.update({"all": flat}, {"all": gradient}, rate)
            if training.schedule == "plateau" and not (step + 1) % self.steps_per_epoch:
                patience.after(float(self._judged_loss()))
            ratios.append(self._norms(flat - before) / np.maximum(self._norms(before), TINY))
        trained = self._named(start), self._named(flat)
        return Trace(np.array(losses), np.array(norms), np.array(ratios), *trained)

    def lengths(self, gradients: Weights) -> Array:
        """Return the Euclidean norm of each layer's gradient `[layers]`."""
        return self._norms(self._flat(gradients))

    def _flat(self, arrays: Weights) -> Array:
        """Return what is trained as one vector, layer after layer."""
        names = [name for layer in self.layers.values() for name in layer]
        return np.concatenate([arrays[name].ravel() for name in names])

    def _named(self, flat: Array) -> Weights:
        """Return views of such a vector by name, in their shapes."""
        names = [name for layer in self.layers.values() for name in layer]
        ends = np.cumsum([self.weights[name].size for name in names])
        parts = zip(names, np.split(flat, ends[:-1]), strict=True)
        return {name: part.reshape(self.weights[name].shape) for name, part in parts}

    def _norms(self, flat: Array) -> Array:
        """Return the Euclidean norm of each layer's part."""
        return np.sqrt(np.add.reduceat(np.square(flat, dtype=np.float64), self._starts))

    @cached_property
    def _starts(self) -> Array:
        """Where each layer's part begins."""
        sizes = [sum(self.weights[name].size for name in layer) for layer in self.layers.values()]
        return np.cumsum([0, *sizes[:-1]])

    def _batches(self) -> Iterator[Array]:
        records, size = len(self.data.y), self.case.training.batch_size
        for epoch in count():
            order = np.arange(records)
            if self.case.training.shuffle:
                order = np.random.default_rng([self.seed, ORDER_STREAM, epoch]).permutation(records)
            yield from (order[first : first + size] for first in range(0, records, size))


def _ids(x: Array) -> tuple[Array, Array]:
    """Return token ids `[batch, timesteps]`, 0 beyond a record's end, and which steps are there."""
    there = ~np.isnan(x[..., 0])
    return np.where(there, x[..., 0], 0).astype(np.int64), there


def _layers(weights: Weights, *, one_bias: bool) -> dict[str, list[str]]:
    """Group the names of trained weights by layer."""
    layers: dict[str, list[str]] = {}
    for name in weights:
        layer, _, parameter = name.rpartition(".")
        if not (one_bias and parameter == "bias_hh"):
            layers.setdefault(layer, []).append(name)
    return layers
