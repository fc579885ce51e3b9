"""Each LSTM layer by itself against the reference, from a state that is not zero."""

import copy
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeGuard

import numpy as np
import torch
from torch import Tensor, nn

from harness.backends.torch.network import PARAMETERS, ActivationLSTM
from harness.probes.toolkit.arithmetic import numbers, roundoff_of
from harness.probes.toolkit.check import Array, Check, close, conclude, skipped
from harness.probes.toolkit.kernels import PLAIN, TOLERANCE
from harness.probes.toolkit.recurrent import copy_of
from harness.probes.toolkit.subject import Subject
from harness.reference import lstm, stack
from harness.results.probe import Probe
from harness.scenario.vocabulary import CELLS

NAME = "layers"
LSTM = CELLS["lstm"]

SIZES = ((40, 33, 1.0), (5, 1, 1.0), (6, 4, 30.0))
"""Timesteps, batch and scale of the inputs: long and odd, as kernels take their loops apart; a
single record; and inputs at which gates and cells saturate, if they can."""


class _Given(NamedTuple):
    """Inputs `[timesteps, batch, features]`, a state a layer, and the loss' slope on everything."""

    x: Array
    starts: list[lstm.State]
    d_outputs: Array
    d_ends: list[lstm.State]


def layers(subject: Subject) -> Probe:
    """Compare outputs, final states and all gradients of every LSTM in the model."""
    checks: list[Check] = []
    with subject.run() as run:
        plain = {name: module for name, module in run.model.named_modules() if _is_plain(module)}
        for name, module in plain.items():
            checks += _layer_checks(name, module, subject)
    if not plain:
        return skipped(NAME, "the module holds no nn.LSTM of the plain kind")
    if not checks:
        return skipped(NAME, "the layers leave the finite numbers in the reference too")
    tf32 = subject.tf32_by_default
    kind = "TF32, which torch.backends.cudnn permits" if tf32 else "rounding"
    return conclude(NAME, f"LSTM layers, forward and backward, up to {kind}", checks)


def _is_plain(module: nn.Module) -> TypeGuard[nn.LSTM | ActivationLSTM]:
    if not isinstance(module, nn.LSTM):
        return isinstance(module, ActivationLSTM)
    return module.bias and not module.bidirectional and not module.proj_size


def _finite(arrays: dict[str, Array]) -> bool:
    return all(np.isfinite(values).all() for values in arrays.values())


def _layer_checks(name: str, module: nn.LSTM | ActivationLSTM, subject: Subject) -> Iterator[Check]:
    module = _copy(module)
    depth = int(getattr(module, "num_layers", 1))
    weight = _parameter(module, "weight_hh", 0)
    roundoff = max(subject.roundoff, roundoff_of(weight.dtype))
    kernel = PLAIN
    if isinstance(module, nn.LSTM):
        kernel = subject.kernel(weight.shape[1], tf32=subject.tf32_by_default)
    for timesteps, batch, scale in SIZES:
        if scale > 1 and isinstance(module, ActivationLSTM):
            continue  # its activations may have no bound
        module.zero_grad()
        given = _given(module, depth, timesteps, batch)
        given = given._replace(x=scale * given.x)
        found = _by_torch(module, depth, given)
        with np.errstate(all="ignore"):  # a declared case may overflow
            exact = _by_reference(module, depth, given, np.float64, subject)
            rounded = _by_reference(module, depth, given, np.float32, subject)
        if not _finite(exact) or not _finite(rounded):
            continue
        for what in found:
            allowed = roundoff * (kernel.backward if "gradient" in what else kernel.forward)
            split = kernel == PLAIN and what.startswith(PARAMETERS)
            for gate, rows in _gates(len(found[what]), split=split):
                yield close(
                    f"{name} {what}{gate}",
                    found[what][rows],
                    exact[what][rows],
                    rounded[what][rows],
                    TOLERANCE,
                    allowed,
                )


def _gates(rows: int, *, split: bool) -> Iterator[tuple[str, slice]]:
    """Yield the rows of each gate, or all: a vendor's error is known of whole tensors only."""
    size = rows // len(LSTM.gates) if split else rows
    for number, gate in enumerate(LSTM.gates if split else ("",)):
        yield f", {gate} gate" if gate else "", slice(number * size, (number + 1) * size)


def _copy(module: nn.LSTM | ActivationLSTM) -> nn.LSTM | ActivationLSTM:
    """Return a copy to be trained whole, without dropout."""
    if isinstance(module, ActivationLSTM):
        return copy.deepcopy(module).requires_grad_()
    plain = copy_of(module)
    plain.dropout = 0.0
    return plain


def _given(module: nn.Module, depth: int, timesteps: int, batch: int) -> _Given:
    """Draw what goes in, exact in float32; a layer with named activations starts from zero."""
    rng = np.random.default_rng(0)
    weight_ih, weight_hh = _parameter(module, "weight_ih", 0), _parameter(module, "weight_hh", 0)
    units = weight_hh.shape[1]

    def numbers(*shape: int) -> Array:
        return rng.normal(size=shape).astype(np.float32).astype(np.float64)

    def states() -> list[lstm.State]:
        return [lstm.State(numbers(batch, units), numbers(batch, units)) for _ in range(depth)]

    starts, ends = states(), states()
    if isinstance(module, ActivationLSTM):
        starts = ends = [lstm.State(np.zeros((batch, units)), np.zeros((batch, units)))]
    x = numbers(timesteps, batch, weight_ih.shape[1])
    return _Given(x, starts, numbers(timesteps, batch, units), ends)


def _parameter(module: nn.Module, name: str, level: int) -> Tensor:
    parameter: Tensor = getattr(module, f"{name}_l{level}")
    return parameter


def _by_torch(module: nn.Module, depth: int, given: _Given) -> dict[str, Array]:
    like = _parameter(module, "weight_hh", 0)

    def tensor(values: Any) -> Tensor:
        return torch.from_numpy(np.array(values)).to(like).requires_grad_()

    x = tensor(given.x)
    starts = [tensor([state[i] for state in given.starts]) for i in range(2)]
    batch_first = isinstance(module, ActivationLSTM) or bool(module.batch_first)
    inputs = x.transpose(0, 1) if batch_first else x
    plain = isinstance(module, ActivationLSTM)
    outputs, ends = module(inputs) if plain else module(inputs, tuple(starts))
    outputs = outputs.transpose(0, 1) if batch_first else outputs
    loss = (outputs * tensor(given.d_outputs).detach()).sum()
    produced = {"outputs": outputs}
    if not plain:
        produced |= {"final hidden state": ends[0], "final cell state": ends[1]}
        for i in range(2):
            loss = loss + (ends[i] * tensor([state[i] for state in given.d_ends]).detach()).sum()
    loss.backward()
    produced["input's gradient"] = _gradient(x)
    if not plain:
        produced["initial hidden state's gradient"] = _gradient(starts[0])
        produced["initial cell state's gradient"] = _gradient(starts[1])
    for level in range(depth):
        for kind in PARAMETERS:
            produced[f"{kind}_l{level}'s gradient"] = _gradient(_parameter(module, kind, level))
    return {what: numbers(values) for what, values in produced.items()}


def _gradient(leaf: Tensor) -> Tensor:
    return torch.zeros_like(leaf) if leaf.grad is None else leaf.grad


def _by_reference(
    module: nn.Module, depth: int, given: _Given, dtype: type[Any], subject: Subject
) -> dict[str, Array]:
    def array(name: str, level: int) -> Array:
        return numbers(_parameter(module, name, level)).astype(dtype)

    model = subject.case.model
    names = LSTM.gate_activation, LSTM.cell_activation
    if isinstance(module, ActivationLSTM):
        names = model.gate_activation, model.cell_activation
    stacked = [
        lstm.Layer(
            array("weight_ih", level),
            array("weight_hh", level),
            array("bias_ih", level) + array("bias_hh", level),
            *names,
        )
        for level in range(depth)
    ]
    starts = [lstm.State(*(values.astype(dtype) for values in state)) for state in given.starts]
    passes = stack.forward(stacked, given.x.astype(dtype), starts)
    ends = [lstm.State(*(values.astype(dtype) for values in state)) for state in given.d_ends]
    found = stack.backward(passes, given.d_outputs.astype(dtype), ends)
    produced = {
        "outputs": passes[-1].outputs,
        "final hidden state": np.array([run.state.hidden for run in passes]),
        "final cell state": np.array([run.state.cell for run in passes]),
        "input's gradient": found[0].x,
        "initial hidden state's gradient": np.array([each.start.hidden for each in found]),
        "initial cell state's gradient": np.array([each.start.cell for each in found]),
    }
    for level, each in enumerate(found):
        kinds = {"weight_ih": each.weight_ih, "weight_hh": each.weight_hh}
        kinds |= {"bias_ih": each.bias, "bias_hh": each.bias}
        produced |= {f"{kind}_l{level}'s gradient": values for kind, values in kinds.items()}
    return produced
