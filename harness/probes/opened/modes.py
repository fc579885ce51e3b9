"""Training and evaluation mode: masks, their expectation, determinism, and no memory of batches."""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn

from harness.backends.torch.device import seed_torch
from harness.backends.torch.network import Network
from harness.dataset.padding import counted
from harness.probes.opened.identity_layers import can_be_identity, dropout_between_layers
from harness.probes.toolkit.check import FLOAT32_ROUNDOFF, TINY, Check, close, conclude, exactly
from harness.probes.toolkit.kernels import TOLERANCE
from harness.probes.toolkit.masks import SIGMAS, statistics
from harness.probes.toolkit.memory import Memory
from harness.probes.toolkit.recurrent import copy_of
from harness.probes.toolkit.subject import Subject
from harness.reference import Reference
from harness.results.probe import Probe

NAME = "modes"

REPEAT_TOLERANCE = 16 * FLOAT32_ROUNDOFF
"""The same arithmetic twice: 0 on a CPU, the order of sums on a GPU."""

DRAWS = 512
SHAPE = (32, 8, 32)
"""Timesteps, units and records of the masks that are looked at."""

MASKS = 1

Restore = Callable[[], None]


def modes(subject: Subject) -> Probe:
    """Call the model on two batches in turn, in both modes, and each source of masks by itself."""
    with subject.run() as run, torch.no_grad():
        first, second = run.x[:8], run.x[8:16]
        memory = Memory(run.model)
        restore = memory.restore if subject.case.model.factory is not None else _keep_all
        masked = dict(_masked_modules(run.model))
        repeats = not masked or subject.device.startswith("cpu")  # cuDNN keeps its own state
        checks = [
            _evaluation(run.model, first, second, restore),
            *_against_reference(subject, run.model, run.x),
        ]
        if repeats:
            checks.append(_training(run.model, first, second, restore))
        inputs = _inputs_of(run.model, masked, first)
        for name, module in masked.items():
            seed_torch(MASKS)
            checks += _masks(name, module, inputs[name]) if name in inputs else []
    return conclude(NAME, f"both modes, {len(masked)} modules with dropout", checks)


def _masked_modules(model: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    for name, module in model.named_modules():
        if isinstance(module, nn.RNNBase):
            if module.dropout and module.num_layers > 1:
                yield name, module
        elif isinstance(module, nn.Dropout) and 0 < module.p < 1:
            yield name, module


def _keep_all() -> None:
    """Leave the memory of a model that must have none."""


def _evaluation(model: nn.Module, first: Tensor, second: Tensor, restore: Restore) -> Check:
    """Evaluate one batch before and after another one."""

    def call(x: Tensor) -> Tensor:
        restore()
        outputs: Tensor = model(x)
        return outputs

    model.eval()
    before, _, after = call(first), call(second), call(first)
    model.train()
    return Check("evaluation repeated differs by", _distance(after, before), REPEAT_TOLERANCE)


def _training(model: nn.Module, first: Tensor, second: Tensor, restore: Restore) -> Check:
    """Call in training mode under one random state, before and after another batch."""

    def call(x: Tensor) -> Tensor:
        seed_torch(MASKS)
        restore()
        outputs: Tensor = model(x)
        return outputs

    before, _, after = call(first), call(second), call(first)
    return Check("a batch changes the next one by", _distance(after, before), REPEAT_TOLERANCE)


def _against_reference(subject: Subject, model: nn.Module, x: Tensor) -> Iterator[Check]:
    if not isinstance(model, Network) or subject.case.model.initialiser.by_framework:
        return
    model.eval()
    found = model(x).cpu().numpy()
    model.train()
    exact, rounded = Reference(subject.case, 0), Reference(subject.case, 0, "float32")
    data = exact.data  # beyond a record's end an output may be anything
    outputs = (found, *(each.outputs(each.x) for each in (exact, rounded)))
    found, right, near = (counted(each, data.y, data.width)[0] for each in outputs)
    yield close("evaluation", found, right, near, TOLERANCE, subject.output_roundoff)


def _inputs_of(model: nn.Module, modules: dict[str, nn.Module], x: Tensor) -> dict[str, Any]:
    """Return what each module is called with when the model maps ``x``."""
    inputs: dict[str, Any] = {}

    def keep(name: str) -> Callable[[nn.Module, Any], None]:
        return lambda _module, arguments: inputs.update({name: arguments[0]})

    hooks = [module.register_forward_pre_hook(keep(name)) for name, module in modules.items()]
    model(x)
    for hook in hooks:
        hook.remove()
    return inputs


def _masks(name: str, module: nn.Module, x: Any) -> Iterator[Check]:
    if not isinstance(x, Tensor):
        return  # a packed sequence
    one, other = _output(module, x), _output(module, x)
    yield exactly(f"{name or 'model'}: masks repeated", float(torch.equal(one, other)))
    label = name or "model"
    if isinstance(module, nn.Dropout):
        ones = torch.ones(SHAPE).to(x)
        yield from statistics(label, module(ones), module(ones), module.p)
    elif isinstance(module, nn.LSTM) and can_be_identity(module):
        revealed = dropout_between_layers(module, SHAPE)
        yield from statistics(label, revealed(), revealed(), module.dropout)
    elif isinstance(module, nn.RNNBase):
        yield Check(f"{label}: mean of outputs in deviations off by", _drift(module, x), SIGMAS)


def _output(module: nn.Module, x: Tensor) -> Tensor:
    produced = module(x)
    outputs: Tensor = produced[0] if isinstance(produced, tuple) else produced
    return outputs


def _drift(module: nn.RNNBase, x: Tensor) -> float:
    """How far the mean over masks is from evaluation, in standard errors, root mean square.

    Upper layers are made nearly linear in what is masked: the expectation then passes through.
    """
    linear = copy_of(module)
    for level in range(1, module.num_layers):
        getattr(linear, f"weight_ih_l{level}").mul_(0.01)
    batch = 0 if module.batch_first else 1
    many = x.narrow(batch, 0, 1).repeat_interleave(DRAWS, batch)
    trained = _output(linear.train(), many)
    evaluated = _output(linear.eval(), many)
    error = trained.std(batch) / DRAWS**0.5
    drift = (trained.mean(batch) - evaluated.mean(batch)) / (error + TINY)
    return float(drift[error > FLOAT32_ROUNDOFF].square().mean().sqrt())


def _distance(found: Tensor, expected: Tensor) -> float:
    return float((found - expected).norm()) / max(float(expected.norm()), TINY)
