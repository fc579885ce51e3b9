"""The stacks of many seeds as one model: each timestep of all seeds is one matrix product."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Self, cast, final

import numpy as np
import torch
from torch import Tensor

from harness.backends.ensemble.activations import ACTIVATIONS
from harness.backends.ensemble.embedding import Embedding
from harness.backends.ensemble.gru import GRU
from harness.backends.ensemble.layer import LSTM, Layer
from harness.backends.ensemble.level import Level
from harness.backends.ensemble.padding import Ends
from harness.backends.ensemble.projected import ProjectedLSTM
from harness.backends.ensemble.rnn import RNN
from harness.backends.ensemble.states import ends, start
from harness.backends.ensemble.tape import Shape, Tape
from harness.backends.torch.carried import Carried
from harness.initial import Floats, Weights
from harness.scenario import Model
from harness.scenario.layer import RecurrentLayer
from harness.scenario.vocabulary import CellName

LAYERS: Mapping[CellName, type[Layer]] = {"lstm": LSTM, "gru": GRU, "rnn": RNN}
"""The cells whose batched layers are written."""

EVALUATED = 64
"""Records evaluated at a time: activations stay in the cache, memory is the same for any number."""


@final
class BatchedNetwork:
    """The models of all seeds, their parameters a matrix.

    Attributes:
        parameters: `[seeds, parameters]`, layer after layer; the layers are views of it.
        gradients: as ``parameters``, written by ``backward``.
        slices: each layer's columns, by its name, input first.
        head, head_gradient: views of both, `[seeds, outputs, units + 1]`, the bias last.
        ends: where records end, of the pass just done; ``None`` where all are as long.
    """

    def __init__(
        self,
        model: Model,
        features: int,
        outputs: int,
        parameters: Tensor,
        *,
        each_step: bool = False,
        padded: bool = False,
        stateful: bool = False,
    ) -> None:
        self.model, self.features, self.outputs = model, features, outputs
        self.each_step, self.padded, self.stateful = each_step, padded, stateful
        self.ends: Ends | None = None
        self.parameters, self.gradients = parameters, torch.empty_like(parameters)
        layers, biases = model.layers(features), len(model.trained_biases)
        directions = 2 if model.bidirectional else 1
        shapes = [
            Shape(
                *(layer.units, layer.inputs, biases),
                first=not model.embedding and n < directions,
                carries=stateful,
                gates=LAYERS[model.kind].GATES,
                projection=model.projection,
            )
            for n, layer in enumerate(layers)
        ]
        table = features * (model.embedding or 0)
        sizes = (shape.weights + shape.projection * shape.units for shape in shapes)
        stops = np.cumsum([table, *sizes]).tolist()
        self.slices = {"embedding": slice(0, table)} if table else {}
        self.slices |= {
            layer.name: slice(a, b) for layer, (a, b) in zip(layers, pairwise(stops), strict=True)
        }
        self.slices["head"] = slice(stops[-1], parameters.shape[1])
        self.head, self.head_gradient = self._views("head", outputs)
        self.embedding = Embedding(*self._views("embedding", features)) if table else None
        made = [self._layer(layer.name, shape) for layer, shape in zip(layers, shapes, strict=True)]
        self.levels = [
            Level(made[first : first + directions]) for first in range(0, len(made), directions)
        ]
        self._tapes: dict[tuple[int, int], list[list[Tape]]] = {}

    @classmethod
    def pack(cls, weights: Weights, model: Model) -> Floats:
        """Return one seed's starting weights as a row of the parameter matrix.

        Where one bias is trained the other is zero (see `harness.initial`), so it is left out.
        """
        names = [name.removesuffix(".weight_ih") for name in weights if name.endswith("weight_ih")]
        rows = []
        for name in names:
            kernels = weights[f"{name}.weight_ih"], weights[f"{name}.weight_hh"]
            biases = [weights[f"{name}.{bias}"] for bias in model.trained_biases]
            rows.append(LAYERS[model.kind].packed(*kernels, biases).ravel())
            if model.projection:
                rows.append(weights[f"{name}.weight_hr"].ravel())
        head = np.concatenate([weights["head.weight"], weights["head.bias"][:, None]], axis=1)
        table = [weights["embedding.weight"].ravel()] if model.embedding else []
        return np.concatenate([*table, *rows, head.ravel()])

    @staticmethod
    def activations(
        layers: Sequence[RecurrentLayer], batches: set[int], evaluated: set[int]
    ) -> int:
        """Return how many numbers are kept in memory for each seed and timestep.

        They are the tapes, one per size; those of batches with the backward pass's arrays.

        Args:
            layers: each direction of each layer.
            batches: the sizes of the batches that it is trained on.
            evaluated: how many records the sets have that it is evaluated on.
        """
        sizes = {size for n in evaluated for size in (min(n, EVALUATED), n % EVALUATED)}
        trained = sum(2 * layer.inputs + 13 * layer.units + 2 for layer in layers)
        forward = sum(layer.inputs + 7 * layer.units + 2 for layer in layers)
        return trained * sum(batches) + forward * sum(sizes - batches)

    def forward(self, x: Tensor, masks: Sequence[Tensor], carried: Carried | None = None) -> Tensor:
        """Map `[timesteps, seeds, features, batch]` to logits or values `[seeds, outputs, batch]`.

        With targets at each step, the last axis has all steps of the first record, then the next.
        ``masks`` are the factors of each layer's outputs (dropout), broadcast; empty for none.
        Layers start from what is carried, or from zero, and leave their own there.
        """
        tape, x = self._tape(x), self._present(x)
        if self.stateful:
            start(tape, None if carried is None else carried.start(x.shape[3]))
        x = x if self.embedding is None else self.embedding.forward(x)
        for n, (level, tapes) in enumerate(zip(self.levels, tape, strict=True)):
            x = level.forward(tapes, x, self.ends)
            x = x * masks[n] if masks else x
        if carried is not None:
            carried.keep(ends(tape))
        return torch.baddbmm(self.head[:, :, -1:], self.head[:, :, :-1], self._read(x))

    def backward(self, x: Tensor, upstream: Tensor, masks: Sequence[Tensor]) -> None:
        """Write ``gradients``.

        Args:
            x: input of the forward pass just done.
            upstream: gradient of that pass's result, `[seeds, outputs, batch]`.
            masks: as in that pass.
        """
        tapes = self._tape(x)
        hidden = self.levels[-1].outputs(tapes[-1], self.ends)
        given = self._through_head(hidden, upstream, masks)
        for n in reversed(range(len(self.levels))):
            if masks:
                given = [
                    None if part is None else part * mask
                    for part, mask in zip(given, masks[n], strict=True)
                ]
            given = [*self.levels[n].backward(tapes[n], given, self.ends)]
        if self.embedding is not None:
            self.embedding.backward(self._present(x), torch.stack(cast("list[Tensor]", given)))

    def settle(self) -> None:
        """Put back what an update may have made of numbers that are no weights."""
        for level in self.levels:
            for layer in level.directions:
                layer.settle()

    def evaluate(self, x: Tensor) -> Tensor:
        """Map as ``forward`` does, without masks, and `EVALUATED` records at a time.

        The tapes of these sizes never get the arrays of a backward pass.
        """
        parts = [self.forward(part, []) for part in torch.split(x, EVALUATED, 3)]
        return torch.cat(parts, dim=2)

    def evaluate_in_turn(self, x: Tensor, size: int, carried: Carried) -> Tensor:
        """Map likewise, the state carried from each ``size`` records to the next."""
        parts = []
        for part in torch.split(x, size, 3):
            carried.next_batch()
            parts.append(self.forward(part, [], carried))
        return torch.cat(parts, dim=2)

    def keep(self, rows: Tensor) -> Self:
        """Return the models of the seeds with these row numbers only."""
        kept = self.parameters[rows]
        return type(self)(
            *(self.model, self.features, self.outputs, kept),
            each_step=self.each_step,
            padded=self.padded,
            stateful=self.stateful,
        )

    def layer_norms(self, values: Tensor) -> Tensor:
        """Return the Euclidean norms `[seeds, layers]` of ``values``, laid out as parameters."""
        # in float64, as eager's: the squares of a diverging seed may leave float32
        dtype = None if values.device.type == "mps" else torch.float64  # which mps has not
        columns = [values[:, part] for part in self.slices.values()]
        norms = [torch.linalg.vector_norm(part, dim=1, dtype=dtype) for part in columns]
        return torch.stack(norms, 1)

    def _layer(self, name: str, shape: Shape) -> Layer:
        """Return the layer of these columns: its gates' matrix, then its projection."""
        model, columns = self.model, self.slices[name]
        both = self.parameters[:, columns], self.gradients[:, columns]
        weight, gradient = (
            each[:, : shape.weights].view(len(each), shape.rows, -1) for each in both
        )
        activations = ACTIVATIONS[model.gate_activation], ACTIVATIONS[model.cell_activation]
        if not model.projection:
            return LAYERS[model.kind](shape, weight, gradient, *activations)
        layer = ProjectedLSTM(shape, weight, gradient, *activations)
        layer.projection, layer.projection_gradient = (
            each[:, shape.weights :].view(len(each), shape.outputs, -1) for each in both
        )
        return layer

    def _views(self, layer: str, rows: int) -> tuple[Tensor, Tensor]:
        columns = self.slices[layer]
        weight, gradient = self.parameters[:, columns], self.gradients[:, columns]
        return weight.view(len(weight), rows, -1), gradient.view(len(weight), rows, -1)

    def _read(self, hidden: Tensor) -> Tensor:
        """Return what the head is given of all outputs `[timesteps, seeds, width, batch]`."""
        if self.each_step:
            return hidden.permute(1, 2, 3, 0).flatten(2)
        return self.levels[-1].ending(hidden, self.ends)

    def _present(self, x: Tensor) -> Tensor:
        """Note where records end; return the inputs, 0 beyond."""
        if not self.padded:
            return x
        self.ends = Ends(x)
        return x.masked_fill(x.isnan(), 0)

    def _through_head(
        self, hidden: Tensor, upstream: Tensor, masks: Sequence[Tensor]
    ) -> list[Tensor | None]:
        """Write the head's gradient; return that of each step's outputs, masked, ``None``: zero."""
        timesteps, seeds, width, batch = hidden.shape
        read = self._read(hidden)
        below = self._head_backward(read * self._read(masks[-1]) if masks else read, upstream)
        if not self.each_step:
            return self.levels[-1].of_ending(below, timesteps, self.ends)
        below = below.view(seeds, width, batch, timesteps).permute(3, 0, 1, 2).contiguous()
        return list(below.unbind(0))

    def _head_backward(self, last: Tensor, upstream: Tensor) -> Tensor:
        """Write the head's gradient; return that of ``last``, its inputs."""
        self.head_gradient[:, :, :-1] = torch.bmm(upstream, last.transpose(1, 2))
        self.head_gradient[:, :, -1] = upstream.sum(2)
        return torch.bmm(self.head[:, :, :-1].transpose(1, 2), upstream)

    def _tape(self, x: Tensor) -> list[list[Tape]]:
        timesteps, batch = x.shape[0], x.shape[3]
        if (timesteps, batch) not in self._tapes:
            self._tapes[timesteps, batch] = [
                level.tapes(timesteps, self.parameters, batch) for level in self.levels
            ]
        return self._tapes[timesteps, batch]
