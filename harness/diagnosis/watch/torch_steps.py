"""How gradients pass the time steps of a network that is run again."""
# ruff: noqa: PLR2004 - the numbers are counts of axes

from typing import Any

import numpy as np
import torch

from harness.diagnosis.observations import Floats
from harness.diagnosis.watch.records import Batch
from harness.diagnosis.watch.torch_replay import Pipe, Replay, undisturbed

SUDDENLY = 1e-3
"""Share of the largest gradient that the first one that is not zero has, where it does not fade."""

DEPENDS = 1e-3
"""Change of outputs, in their spread, that rounding does not make."""


def step_gradients(replay: Replay) -> Floats | None:
    """Norm of the output's gradient at each time step of the input, `[steps]`, at the start."""
    batch = next((b for b in replay.batches), None)
    if batch is None or replay.pipe is None or not isinstance(batch.args[0], torch.Tensor):
        return None
    try:
        with undisturbed(replay.module):
            with torch.no_grad():
                replay.prepare(start=True, train=True)
            return _step_gradients(replay.module, batch, replay.pipe)
    except Exception:  # noqa: BLE001 - the user's own module may refuse anything
        return None


def steps_cut_off(replay: Replay, gradients: Floats | None) -> int:
    """First time steps that the output depends on, and that not the smallest gradient reaches.

    Gradients that vanish fade away step by step; where the state is detached they end at once.

    Args:
        replay: the network.
        gradients: `[steps]` what `step_gradients` found.
    """
    if gradients is None or not np.isfinite(gradients).all() or not gradients.any():
        return 0
    silent = int(np.argmax(gradients > 0))
    if not silent or gradients[silent] < SUDDENLY * gradients.max():
        return 0
    batch = replay.batches[0]
    axis = _time_axis(batch.args[0], batch)
    changed = batch.args[0].clone()
    early = changed.narrow(axis, 0, silent)
    early.copy_(early.roll(1, 1 - axis))
    try:
        with undisturbed(replay.module), torch.no_grad():
            replay.prepare(start=True, train=False)
            asked = ((x, *batch.args[1:]) for x in (batch.args[0], changed))
            one, two = (_last(replay.drawn_alike(args)) for args in asked)
    except Exception:  # noqa: BLE001 - the user's own module may refuse anything
        return 0
    spread = float((one - one.mean(0)).abs().mean()) + 1e-12
    return silent if float((one - two).abs().mean()) > DEPENDS * spread else 0


def _step_gradients(module: torch.nn.Module, batch: Batch, pipe: Pipe) -> Floats | None:
    kept: list[torch.Tensor] = []
    first = batch.args[0]
    handles = []
    if first.is_floating_point():
        first = first.detach().clone().requires_grad_()
        kept.append(first)
    else:
        handles += [
            child.register_forward_hook(_keeper(kept))
            for child in module.modules()
            if isinstance(child, torch.nn.Embedding)
        ]
    try:
        with torch.enable_grad():
            out = pipe(module(first, *batch.args[1:]))
            gradients = torch.autograd.grad(_last(out).sum(), kept, allow_unused=True)
    finally:
        for handle in handles:
            handle.remove()
    gradient = _over_time(kept, gradients)
    if gradient is None or gradient.dim() != 3:
        return None
    axis = _time_axis(gradient, batch)
    norms = gradient.movedim(axis, 0).reshape(gradient.shape[axis], -1).norm(dim=1)
    return np.asarray(norms.double().cpu().numpy())


def _last(out: torch.Tensor) -> torch.Tensor:
    """The answer at the last step, of a network that gives one at each."""
    return out[:, -1] if out.dim() > 2 else out


def _over_time(
    kept: list[torch.Tensor], gradients: tuple[torch.Tensor | None, ...]
) -> torch.Tensor | None:
    """One gradient `[records, steps, ...]`, of a network that looks up each step by itself too."""
    if len(kept) > 1 and all(k.dim() == 2 and k.shape == kept[0].shape for k in kept):
        each = [
            torch.zeros_like(k) if g is None else g for k, g in zip(kept, gradients, strict=True)
        ]
        return torch.stack(each, 1)
    return next((g for g in gradients if g is not None), None)


def _time_axis(values: torch.Tensor, batch: Batch) -> int:
    return 1 if values.shape[0] == batch.target.shape[0] else 0


def _keeper(kept: list[torch.Tensor]) -> Any:
    def keep(module: Any, args: Any, output: torch.Tensor) -> None:
        if output.requires_grad:
            kept.append(output)

    return keep
