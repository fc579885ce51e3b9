"""The gradient that training uses, against finite differences of the loss it reports."""

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

from harness.backends.torch.at_start import not_finite
from harness.backends.torch.device import seed_torch
from harness.backends.torch.eager import EagerRun
from harness.probes.opened.slopes import compare_block
from harness.probes.toolkit.arithmetic import roundoff_within
from harness.probes.toolkit.blocks import blocks_of
from harness.probes.toolkit.check import FLOAT32_ROUNDOFF, Check, conclude, skipped
from harness.probes.toolkit.finite_difference import CHAOTIC
from harness.probes.toolkit.kernels import PLAIN
from harness.probes.toolkit.left_out import left_out_of, without
from harness.probes.toolkit.memory import Memory
from harness.probes.toolkit.subject import Subject
from harness.results.probe import Probe

NAME = "gradient"

REPEAT_TOLERANCE = 16 * FLOAT32_ROUNDOFF
"""The same arithmetic twice: 0 on a CPU."""

MASKS = 1
"""Seed of the random state that every evaluation starts from, so that dropout masks repeat."""

UNDECIDED = "differences of the loss disagree"

NEARBY = tuple(sign * number * 2**-23 for sign in (-1, 1) for number in range(1, 9))
"""Shares by which weights are moved, a few of float32's steps: what then scatters is rounding."""


def gradient(subject: Subject) -> Probe:
    """Compare along one random direction for each parameter tensor, each gate by itself.

    A parameter that gets no gradient has the slope 0, unless a user's module declares it fixed.
    """
    with subject.run() as run:
        batch = run.batches(0)[0]
        freeze_power_iterations(run.model)
        loss = _repeatable_loss(subject, run, batch)
        once, again = loss(), loss()
        if not math.isfinite(once):
            return skipped(NAME, _not_finite(run, once))
        if once != again and not subject.device.startswith("cpu"):
            return skipped(NAME, "the device keeps its own random state: masks do not repeat")
        seed_torch(MASKS)
        run.backward(batch)
        blocks = list(blocks_of(run.model))
        own = subject.case.model.factory is not None
        left_out = left_out_of(run.model, run.x[batch], blocks) if own else {}
        roundoff = roundoff_within(subject, run.model, run.x[batch])
        if subject.model_kernel != PLAIN:
            roundoff = max(roundoff, _noise(run, loss))
        generator = torch.Generator().manual_seed(0)
        compared = {
            block.name: compare_block(run, block, loss, roundoff, generator)
            for block in blocks
            if block.tensor not in left_out
        }
    repeat = Check("the loss repeated differs by", abs(again - once), REPEAT_TOLERANCE * abs(once))
    decided = [each.check for each in compared.values() if each.decided]
    if compared and not decided:
        return Probe(NAME, "error", None, None, CHAOTIC) if own else skipped(NAME, CHAOTIC)
    undecided = dict.fromkeys((n for n, each in compared.items() if not each.decided), UNDECIDED)
    sentence = "gradients against finite differences" + without(left_out | undecided)
    return conclude(NAME, sentence, [repeat, *decided])


def _not_finite(run: EagerRun, loss: float) -> str:
    """Say that there is no slope, and which record and layer the loss became so at."""
    with torch.no_grad():
        sets = {"training": (run.x, run.y)}
        where = not_finite(run.model, sets, padded=run.data.padded)
    return f"the first loss is {loss}, so that it has no slope: " + (
        where or "inputs, targets and outputs are finite, the loss of them is not"
    )


def _repeatable_loss(subject: Subject, run: EagerRun, batch: Tensor) -> Callable[[], float]:
    """Return the loss from one random state, and from one memory if the module is a user's."""
    memory = Memory(run.model) if subject.case.model.factory is not None else None

    def loss() -> float:
        seed_torch(MASKS)
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
