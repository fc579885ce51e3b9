"""The gradient that training uses, against finite differences of the loss it reports."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from harness.backends.torch.eager import EagerRun
from harness.backends.torch.network import Network
from harness.probes.toolkit.arithmetic import roundoff_within
from harness.probes.toolkit.check import FLOAT32_ROUNDOFF, Check, conclude, skipped
from harness.probes.toolkit.finite_difference import (
    BLUNT,
    CHAOTIC,
    LEAST_SIZE,
    NARROW,
    REACHES,
    Compared,
    compare_slope,
)
from harness.probes.toolkit.kernels import PLAIN
from harness.probes.toolkit.memory import Memory
from harness.probes.toolkit.recurrent import gates_of
from harness.probes.toolkit.subject import FLOAT64_ROUNDOFF, Subject
from harness.results.probe import Probe

NAME = "gradient"

REPEAT_TOLERANCE = 16 * FLOAT32_ROUNDOFF
"""The same arithmetic twice: 0 on a CPU."""

MASKS = 1
"""Seed of the random state that every evaluation starts from, so that dropout masks repeat."""

NEARBY = tuple(sign * number * 2**-23 for sign in (-1, 1) for number in range(1, 9))
"""Shares by which weights are moved, a few of float32's steps: what then scatters is rounding."""


@dataclass(frozen=True)
class _Block:
    """Some rows of a parameter, such as those of a gate: 1 where they are, 0 elsewhere."""

    name: str
    parameter: nn.Parameter
    rows: Tensor


def gradient(subject: Subject) -> Probe:
    """Compare along one random direction for each parameter tensor, each gate by itself."""
    with subject.run() as run:
        batch = run.batches(0)[0]
        freeze_power_iterations(run.model)
        loss = _repeatable_loss(subject, run, batch)
        once, again = loss(), loss()
        if not math.isfinite(once):
            return skipped(NAME, f"the first loss is {once}: there is no slope to compare with")
        if once != again and not subject.device.startswith("cpu"):
            return skipped(NAME, "the device keeps its own random state: masks do not repeat")
        torch.manual_seed(MASKS)
        run.backward(batch)
        blocks = list(_blocks(run.model))
        excluded = {block.name for block in blocks if _left_out(subject, block.parameter)}
        roundoff = roundoff_within(subject, run.model, run.x[batch])
        if subject.model_kernel != PLAIN:
            roundoff = max(roundoff, _noise(run, loss))
        generator = torch.Generator().manual_seed(0)
        compared = [
            _compare(run, block, loss, roundoff, generator)
            for block in blocks
            if block.name not in excluded
        ]
    repeat = Check("the loss repeated differs by", abs(again - once), REPEAT_TOLERANCE * abs(once))
    decided = [each.check for each in compared if each.decided]
    if compared and not decided:
        return skipped(NAME, CHAOTIC)
    sentence = "gradients against finite differences"
    sentence += f", {len(excluded)} outside the graph" if excluded else ""
    sentence += (
        f", {len(compared) - len(decided)} undecided" if len(decided) < len(compared) else ""
    )
    return conclude(NAME, sentence, [repeat, *decided])


def _repeatable_loss(subject: Subject, run: EagerRun, batch: Tensor) -> Callable[[], float]:
    """Return the loss from one random state, and from one memory if the module is a user's."""
    memory = Memory(run.model) if subject.case.model.factory is not None else None

    def loss() -> float:
        torch.manual_seed(MASKS)
        with torch.no_grad():
            found = run.loss_of(run.model(run.x[batch]), run.y[batch]).item()
        if memory is not None:
            memory.restore()
        return found

    return loss


def freeze_power_iterations(model: nn.Module) -> None:
    """Let spectral norms keep their vectors `u` and `v`, through which no gradient goes.

    In training they follow the weights (Miyato et al. 2018), and so would a difference of losses.
    """
    for module in model.modules():
        names = {name for name, _ in module.named_buffers(recurse=False)}
        if any(f"{name[:-2]}_v" in names for name in names if name.endswith("_u")):
            module.eval()


def _noise(run: EagerRun, loss: Callable[[], float]) -> float:
    """Return how far a loss scatters, as a share of it, while weights move by next to nothing.

    Vendors' kernels round more than their type, and differently from point to point.
    """
    around = loss()
    kept = [parameter.detach().clone() for parameter in run.parameters]
    scattered = []
    with torch.no_grad():
        for share in NEARBY:
            for parameter, values in zip(run.parameters, kept, strict=True):
                parameter.copy_(values * (1 + share))
            scattered.append(loss() - around)
        for parameter, values in zip(run.parameters, kept, strict=True):
            parameter.copy_(values)
    return float(np.std(scattered)) / abs(around) if around else 0.0


def _left_out(subject: Subject, parameter: nn.Parameter) -> bool:
    """Whether a user's module keeps a parameter out of the graph, or changes its gradient."""
    hooked = bool(parameter._backward_hooks)  # noqa: SLF001  # PyTorch has no public way to ask
    return subject.case.model.factory is not None and (parameter.grad is None or hooked)


def _blocks(model: nn.Module) -> Iterator[_Block]:
    """Yield the rows of each gate of a recurrent parameter, all rows of any other, once each."""
    seen: set[int] = set()
    for prefix, module in model.named_modules():
        for name, parameter in module.named_parameters(recurse=False):
            if id(parameter) in seen or not parameter.requires_grad:
                continue
            seen.add(id(parameter))
            whole = f"{prefix}.{name}".lstrip(".")
            for gate, rows in _rows(module, name, parameter):
                yield _Block(f"{whole} {gate}".rstrip(), parameter, rows.to(parameter))


def _rows(module: nn.Module, name: str, parameter: nn.Parameter) -> Iterator[tuple[str, Tensor]]:
    """Yield the name of a gate, if any, and the factors 1 and 0 of a parameter's rows."""
    rows = torch.ones([len(parameter), *[1] * (parameter.dim() - 1)] if parameter.dim() else [])
    gates = gates_of(module, name)
    for number, gate in enumerate(gates):
        chosen = torch.zeros_like(rows)
        torch.tensor_split(chosen, len(gates))[number].fill_(1)
        yield f"{gate} gate", chosen
    if not gates:
        padding = getattr(module, "padding_idx", None)
        if isinstance(module, nn.Embedding | nn.EmbeddingBag) and padding is not None:
            rows[padding] = 0  # has no gradient by declaration
        yield "", rows


def _compare(
    run: EagerRun,
    block: _Block,
    loss: Callable[[], float],
    roundoff: float,
    generator: torch.Generator,
) -> Compared:
    """Compare along one random direction of unit length within the rows; weights come back.

    Where float32 decides nothing, our own model's loss is computed in float64 as well, in which a
    step may be so narrow that hardly any loss is chaotic within it.
    """
    parameter, rows = block.parameter, block.rows
    slopes = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad.clone()
    direction = torch.randn(parameter.shape, generator=generator).to(rows) * rows
    direction /= direction.norm()
    moved = int(rows.expand_as(parameter).sum())

    def compare(roundoff: float, reaches: Sequence[float]) -> Compared:
        return compare_slope(
            block.name,
            slope=float((slopes * direction).sum()),
            typical=float((slopes * rows).norm()) / moved**0.5,
            size=max(float((parameter.detach() * rows).norm()), LEAST_SIZE * moved**0.5),
            loss_at=lambda step: _loss_after(parameter, step * direction, loss),
            roundoff=roundoff,
            reaches=reaches,
            blunt=math.inf if isinstance(run.model, Network) else BLUNT,
        )

    found = compare(roundoff, REACHES)
    if found.decided or not isinstance(run.model, Network):
        return found
    try:
        with _in_double(run):
            return compare(FLOAT64_ROUNDOFF, NARROW)._replace(decided=True)
    except (
        RuntimeError,
        TypeError,
    ):  # a device, or whatever stands in for a kernel, has no float64
        return found._replace(decided=True)


def _loss_after(parameter: nn.Parameter, move: Tensor, loss: Callable[[], float]) -> float:
    """Return the loss with a parameter moved for the time being."""
    start = parameter.detach().clone()
    with torch.no_grad():
        parameter.copy_(start + move)
        try:
            return loss()
        finally:
            parameter.copy_(start)


@contextmanager
def _in_double(run: EagerRun) -> Iterator[None]:
    """Compute in float64 for a while."""
    x, y = run.x, run.y
    run.model.double(), run.loss.double()
    run.x, run.y = x.double(), y.double() if y.is_floating_point() else y
    try:
        yield
    finally:
        run.model.to(run.dtype), run.loss.to(run.dtype)
        run.x, run.y = x, y
