"""Each recurrent layer by itself against the reference, from a state that is not zero."""

import copy
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeGuard

import numpy as np
import torch
from torch import Tensor, nn

from harness.backends.torch.named_activations import PARAMETERS, PROJECTION, NamedActivations
from harness.probes.toolkit.arithmetic import numbers, roundoff_of
from harness.probes.toolkit.check import Array, Check, close, conclude, skipped
from harness.probes.toolkit.kernels import PLAIN, TOLERANCE
from harness.probes.toolkit.recurrent import cell_of, copy_of, suffixes_of
from harness.probes.toolkit.subject import Subject
from harness.reference import recurrent, stack
from harness.results.probe import Probe
from harness.scenario.vocabulary import CELLS, ActivationName, Cell

NAME = "layers"

SIZES = ((40, 33, 1.0), (5, 1, 1.0), (6, 4, 30.0))
"""Timesteps, batch and scale of the inputs: long and odd, as kernels take their loops apart; a
single record; and inputs at which gates and cells saturate, if they can."""

Module = nn.RNNBase | NamedActivations


class _Given(NamedTuple):
    """Inputs `[timesteps, batch, features]`, a state a direction, the loss' slope on everything."""

    x: Array
    starts: list[recurrent.State]
    d_outputs: Array
    d_ends: list[recurrent.State]


def layers(subject: Subject) -> Probe:
    """Compare outputs, final states and all gradients of every recurrent layer in the model."""
    checks: list[Check] = []
    with subject.run() as run:
        plain = {name: module for name, module in run.model.named_modules() if _is_plain(module)}
        for name, module in plain.items():
            checks += _layer_checks(name, module, subject)
    if not plain:
        return skipped(NAME, "the module holds no nn.LSTM, nn.GRU or nn.RNN")
    if not checks:
        return skipped(NAME, "the layers leave the finite numbers in the reference too")
    tf32 = subject.tf32_by_default
    kind = "TF32, which torch.backends.cudnn permits" if tf32 else "rounding"
    return conclude(NAME, f"recurrent layers, forward and backward, up to {kind}", checks)


def _is_plain(module: nn.Module) -> TypeGuard[Module]:
    return isinstance(module, nn.RNNBase | NamedActivations)


def _finite(arrays: dict[str, Array]) -> bool:
    return all(np.isfinite(values).all() for values in arrays.values())


def _layer_checks(name: str, module: Module, subject: Subject) -> Iterator[Check]:
    module = _copy(module)
    weight, gates = _parameter(module, "weight_hh", "_l0"), _cell(module).gates
    units = len(weight) // len(gates)
    roundoff = max(subject.roundoff, roundoff_of(weight.dtype))
    kernel = PLAIN
    if isinstance(module, nn.RNNBase):
        kernel = subject.kernel(units, tf32=subject.tf32_by_default)
    for timesteps, batch, scale in SIZES:
        if scale > 1 and isinstance(module, NamedActivations):
            continue  # its activations may have no bound
        module.zero_grad()
        given = _given(module, units, timesteps, batch)
        given = given._replace(x=scale * given.x)
        found = _by_torch(module, given)
        with np.errstate(all="ignore"):  # a declared case may overflow
            exact = _by_reference(module, given, np.float64, subject)
            rounded = _by_reference(module, given, np.float32, subject)
        if not _finite(exact) or not _finite(rounded):
            continue
        for what in found:
            allowed = roundoff * (kernel.backward if "gradient" in what else kernel.forward)
            split = kernel == PLAIN and what.startswith(PARAMETERS)
            for gate, rows in _gates(gates if split else ("",), len(found[what])):
                yield close(
                    f"{name} {what}{gate}",
                    found[what][rows],
                    exact[what][rows],
                    rounded[what][rows],
                    TOLERANCE,
                    allowed,
                )


def _gates(gates: tuple[str, ...], rows: int) -> Iterator[tuple[str, slice]]:
    """Yield the rows of each gate, or all: a vendor's error is known of whole tensors only."""
    size = rows // len(gates)
    for number, gate in enumerate(gates):
        yield f", {gate} gate" if gate else "", slice(number * size, (number + 1) * size)


def _cell(module: Module) -> Cell:
    return CELLS[cell_of(module) or "lstm"]


def _copy(module: Module) -> Module:
    """Return a copy to be trained whole, without dropout."""
    if isinstance(module, NamedActivations):
        return copy.deepcopy(module).requires_grad_()
    plain = copy_of(module)
    plain.dropout = 0.0
    return plain


def _given(module: Module, units: int, timesteps: int, batch: int) -> _Given:
    """Draw what goes in, exact in float32."""
    rng = np.random.default_rng(0)
    features = _parameter(module, "weight_ih", "_l0").shape[1]
    outputs = _parameter(module, "weight_hh", "_l0").shape[1]
    directions = len(suffixes_of(module, 0))
    widths = (outputs, units)[: len(_cell(module).states)]

    def numbers(*shape: int) -> Array:
        return rng.normal(size=shape).astype(np.float32).astype(np.float64)

    def states() -> list[recurrent.State]:
        number = _depth(module) * directions
        return [tuple(numbers(batch, width) for width in widths) for _ in range(number)]

    starts, ends = states(), states()
    x = numbers(timesteps, batch, features)
    return _Given(x, starts, numbers(timesteps, batch, directions * outputs), ends)


def _depth(module: Module) -> int:
    return int(getattr(module, "num_layers", 1))


def _parameter(module: nn.Module, name: str, suffix: str) -> Tensor:
    parameter: Tensor = getattr(module, name + suffix)
    return parameter


def _by_torch(module: Module, given: _Given) -> dict[str, Array]:
    like, names = _parameter(module, "weight_hh", "_l0"), _cell(module).states

    def tensor(values: Any) -> Tensor:
        return torch.from_numpy(np.array(values)).to(like).requires_grad_()

    x = tensor(given.x)
    starts = [tensor([state[i] for state in given.starts]) for i in range(len(names))]
    batch_first = isinstance(module, NamedActivations) or module.batch_first
    inputs = x.transpose(0, 1) if batch_first else x
    outputs, end = module(inputs, tuple(starts) if len(starts) > 1 else starts[0])
    outputs = outputs.transpose(0, 1) if batch_first else outputs
    loss = (outputs * tensor(given.d_outputs).detach()).sum()
    produced = {"outputs": outputs}
    for i, (name, states) in enumerate(zip(names, (end,) if len(names) == 1 else end, strict=True)):
        produced[f"final {name} state"] = states
        loss = loss + (states * tensor([state[i] for state in given.d_ends]).detach()).sum()
    loss.backward()
    produced["input's gradient"] = _gradient(x)
    for name, start in zip(names, starts, strict=True):
        produced[f"initial {name} state's gradient"] = _gradient(start)
    for name, parameter in module.named_parameters():
        produced[f"{name}'s gradient"] = _gradient(parameter)
    return {what: numbers(values) for what, values in produced.items()}


def _gradient(leaf: Tensor) -> Tensor:
    return torch.zeros_like(leaf) if leaf.grad is None else leaf.grad


def _by_reference(
    module: Module, given: _Given, dtype: type[Any], subject: Subject
) -> dict[str, Array]:
    names, directions = _cell(module).states, len(suffixes_of(module, 0))
    levels = [
        [_layer(module, suffix, dtype, subject) for suffix in suffixes_of(module, level)]
        for level in range(_depth(module))
    ]

    def grouped(states: list[recurrent.State]) -> list[list[recurrent.State]]:
        cast = [tuple(values.astype(dtype) for values in state) for state in states]
        return [cast[first : first + directions] for first in range(0, len(cast), directions)]

    passes = stack.forward(levels, given.x.astype(dtype), grouped(given.starts))
    found = stack.backward(passes, given.d_outputs.astype(dtype), grouped(given.d_ends))
    produced = {
        "outputs": stack.outputs(passes[-1]),
        "input's gradient": sum(
            (each.x for each in found[0][1:]),
            start=found[0][0].x,
        ),
    }
    for i, name in enumerate(names):
        ends = [run.state[i] for level in passes for run in level]
        starts = [each.start[i] for level in found for each in level]
        produced[f"final {name} state"] = np.array(ends)
        produced[f"initial {name} state's gradient"] = np.array(starts)
    for level, gradients in enumerate(found):
        for suffix, each in zip(suffixes_of(module, level), gradients, strict=True):
            produced |= {f"{part}{suffix}'s gradient": g for part, g in each.weights.items()}
    return produced


def _layer(module: Module, suffix: str, dtype: type[Any], subject: Subject) -> recurrent.Layer:
    names = [name for name in (*PARAMETERS, PROJECTION) if hasattr(module, name + suffix)]
    weights = {name: numbers(_parameter(module, name, suffix)).astype(dtype) for name in names}
    backwards = suffix.endswith("_reverse")
    return recurrent.Layer.of(
        cell_of(module) or "lstm", _activations(module, subject), weights, backwards=backwards
    )


def _activations(module: Module, subject: Subject) -> tuple[ActivationName, ActivationName]:
    if isinstance(module, NamedActivations):
        return subject.case.model.gate_activation, subject.case.model.cell_activation
    return _cell(module).gate_activation, "relu" if module.mode == "RNN_RELU" else "tanh"
