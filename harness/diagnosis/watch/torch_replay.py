"""Runs a recorded network again after training, on what it was trained on: a probe, not a training.

Weights, modes, attributes and the random state are as before when a probe ends, and nothing that
the network prints is shown.
"""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from harness.diagnosis.observations import Array
from harness.diagnosis.watch.arrays import joined
from harness.diagnosis.watch.module_state import how_to_restore
from harness.diagnosis.watch.quiet import quiet
from harness.diagnosis.watch.records import Batch, Training
from harness.diagnosis.watch.tensors import parts_of
from harness.diagnosis.watch.weights import weights

VIEWS: tuple[Callable[[torch.Tensor], torch.Tensor], ...] = (
    lambda out: out,
    lambda out: out.squeeze(-1),
    lambda out: out.squeeze(),
    lambda out: out[:, -1],
    lambda out: out[:, -1, 0],
    lambda out: out[:, 0],
    lambda out: out[-1],
    lambda out: out.unsqueeze(-1),
    lambda out: out.reshape(-1, out.shape[-1]),
    lambda out: out.reshape(-1),
    lambda out: out.transpose(1, 2),
    lambda out: out.transpose(0, 1),
    torch.sigmoid,
    lambda out: torch.sigmoid(out).squeeze(-1),
    lambda out: torch.softmax(out, -1),
    lambda out: torch.softmax(out, 0),
    lambda out: torch.log_softmax(out, -1),
    torch.tanh,
    torch.relu,
)
"""What a script does between the network's output and the loss; found by comparing numbers."""


@dataclass(frozen=True)
class Pipe:
    """From what a network returns to what the loss takes: which tensor of it, seen in which way."""

    part: int
    view: Callable[[torch.Tensor], torch.Tensor]

    def __call__(self, output: Any) -> torch.Tensor:
        """What the loss takes of an output."""
        return self.view(parts_of(output)[self.part])


@contextmanager
def undisturbed(module: torch.nn.Module) -> Iterator[None]:
    """Leave weights, attributes, gradients, modes and random state as they are, and be silent.

    Raises:
        RuntimeError: the network asked for the end of the program.
    """
    modes = [(child, child.training) for child in module.modules()]
    state = {name: value.detach().clone() for name, value in module.state_dict().items()}
    gradients = [(p, p.grad) for p in weights(module)]
    attributes = how_to_restore(module)
    devices = [p.device for p in weights(module) if p.is_cuda][:1]
    drawn = np.random.get_state(), random.getstate()  # noqa: NPY002 - the script's own generator
    with torch.random.fork_rng(devices=devices), quiet():
        try:
            yield
        finally:
            np.random.set_state(drawn[0])  # noqa: NPY002 - the script's own generator
            random.setstate(drawn[1])
            for restore in attributes:
                restore()
            module.load_state_dict(state, strict=False)
            for child, mode in modes:
                child.training = mode
            for parameter, gradient in gradients:
                parameter.grad = gradient


class Replay:
    """The network of a training with its recorded batches, if it can be run again."""

    def __init__(self, training: Training) -> None:
        self.training = training
        self.module = next(iter(training.modules.values()))
        self.batches = [b for b in training.batches if b.args]
        self.pipe = self._find_pipe()

    @property
    def possible(self) -> bool:
        """Whether one module's output leads to the loss in a way that is known."""
        return self.pipe is not None and len(self.training.modules) == 1

    def _find_pipe(self) -> Pipe | None:
        for batch in self.batches:
            for part in range(len(batch.raw)):
                for view in VIEWS:
                    if _same(pipe := Pipe(part, view), batch):
                        return pipe
        return None

    def all_outputs(self) -> Array | None:
        """The loss's input for all recorded batches together; ``None`` if there is none."""
        return joined([(out, out) for out in self.outputs()])[0]

    def outputs(self, *, start: bool = False, train: bool = False) -> list[torch.Tensor]:
        """The loss's input for each recorded batch; empty if the network cannot be run."""
        assert self.pipe is not None  # noqa: S101  # callers ask for it first
        try:
            with undisturbed(self.module), torch.no_grad():
                self.prepare(start=start, train=train)
                return [self.pipe(self.module(*b.args)).detach().clone() for b in self.batches]
        except Exception:  # noqa: BLE001 - the user's own module may refuse anything
            return []

    def prepare(self, *, start: bool, train: bool) -> None:
        """Set the mode, and the starting weights if asked; inside of `undisturbed` only."""
        self.module.train(train)
        if start:
            for parameter in weights(self.module):
                value = self.training.start.get(id(parameter))
                if value is not None:
                    parameter.copy_(value)

    def remembers(self) -> bool:
        """Whether the answer for one batch depends on which batch was asked for before."""
        if len(self.batches) < 2:
            return False
        asked, one = self.batches[0], self.batches[1]
        answers = []
        try:
            with undisturbed(self.module), torch.no_grad():
                self.module.eval()
                for before in (one, asked):
                    self.drawn_alike(before.args)
                    answers.append(self.drawn_alike(asked.args))
        except Exception:  # noqa: BLE001 - the user's own module may refuse anything
            return False
        return answers[0].shape == answers[1].shape and not torch.allclose(
            answers[0], answers[1], rtol=1e-4, atol=1e-6, equal_nan=True
        )

    def drawn_alike(self, args: Sequence[Any]) -> torch.Tensor:
        """The output with the same random numbers each time: a network may draw some of its own."""
        assert self.pipe is not None  # noqa: S101  # the caller asked
        torch.manual_seed(0)
        np.random.seed(0)  # noqa: NPY002 - the script's own generator
        random.seed(0)
        return self.pipe(self.module(*args))


def axes_confused(batch: Batch) -> bool:
    """Whether an output got the shape of its transpose by a view, which moves no value."""
    output = batch.output
    raw = next((part for part in batch.raw if part.numel() == output.numel()), None)
    if raw is None:
        return False
    raw = raw.squeeze(-1) if raw.dim() > output.dim() else raw
    for one, two in ((0, 1), (1, 2)):
        if raw.dim() != output.dim() or raw.dim() <= two or raw.shape[one] == raw.shape[two]:
            continue
        turned = raw.transpose(one, two)
        if turned.shape == output.shape and not torch.equal(turned, output):
            return torch.equal(raw.reshape(output.shape), output)
    return False


def _same(pipe: Pipe, batch: Batch) -> bool:
    try:
        got = pipe(batch.raw)
    except (RuntimeError, IndexError):
        return False
    return got.shape == batch.output.shape and bool(torch.equal(got, batch.output))
