"""Small cases, one probe at a time, and an LSTM in Python with the faults that happened."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from harness.backends import get
from harness.probes.suite import DECLARED, FAST
from harness.probes.toolkit.subject import Subject
from harness.results.probe import Probe
from harness.scenario import Case, load

Make = Callable[..., Case]
Ask = Callable[[str, Case], Probe]

SCENARIO = """
question = "?"
[data]
task = "{task}"
records = 30
timesteps = 4
validation_records = 0
[model]
units = [6, 6]
[converged]
metric = "loss"
at_most = -1
[training]
batch_size = 8
[[case]]
name = "small"
expect = "fails"
"""


@pytest.fixture
def make_case(tmp_path: Path) -> Make:
    """Return what turns the lines of a case into a `Case`."""

    def make(lines: str = "", task: str = "mean_sign") -> Case:
        path = tmp_path / "small.toml"
        path.write_text(SCENARIO.format(task=task) + lines)
        return load(path, "small").cases[0]

    return make


@pytest.fixture
def ask() -> Ask:
    """Return what makes one probe of a case on the eager backend."""
    specs = {spec.name: spec for spec in FAST + DECLARED}

    def answer(name: str, case: Case) -> Probe:
        return specs[name].measure(Subject(specs[name].reduce(case), get("eager"), "cpu"))

    return answer


Pair = tuple[Tensor, Tensor]


def scale_gradient(x: Tensor, factor: float) -> Tensor:
    """Return ``x``, its gradient multiplied."""
    return x if factor == 1 else x.detach() + factor * (x - x.detach())


@dataclass
class PythonLSTM:
    """What replaces `nn.LSTM.forward`; each field is one fault, off by default."""

    gate: Callable[[Tensor], Tensor] = torch.sigmoid
    cell_gradient: float = 1.0
    forget_gradient: float = 1.0
    recurrent_gradient: float = 1.0
    weight_gradient: float = 1.0
    between_layers: float = 1.0
    mask_backward: bool = True
    same_mask: bool = False
    always_dropout: bool = False
    no_rescaling: bool = False
    leaks: bool = False
    stale_for: int = 1
    ignores_state: bool = False
    rounds: Callable[[Tensor], Tensor] = lambda x: x
    calls: int = 0
    left: dict[int, Pair] = field(default_factory=dict)
    packed: dict[str, Tensor] = field(default_factory=dict)

    def forward(self, module: nn.LSTM, x: Tensor, hx: Pair | None = None) -> tuple[Tensor, Pair]:
        sequence = x.transpose(0, 1) if module.batch_first else x
        ends: list[Pair] = []
        for level in range(module.num_layers):
            if level:
                sequence = scale_gradient(sequence, self.between_layers)
                sequence = self._dropped(module, sequence)
            start = self._start(module, sequence, level, None if self.ignores_state else hx)
            sequence, end = self._layer(module, level, sequence, start)
            self.left[level] = (end[0].detach(), end[1].detach())
            ends.append(end)
        self.calls += 1
        outputs = sequence.transpose(0, 1) if module.batch_first else sequence
        return outputs, (torch.stack([h for h, _ in ends]), torch.stack([c for _, c in ends]))

    def _start(self, module: nn.LSTM, x: Tensor, level: int, hx: Pair | None) -> Pair:
        if hx is not None:
            return hx[0][level], hx[1][level]
        left = self.left.get(level)
        if self.leaks and left is not None and left[0].shape == (x.shape[1], module.hidden_size):
            return left
        zeros = x.new_zeros(x.shape[1], module.hidden_size)
        return zeros, zeros

    def _dropped(self, module: nn.LSTM, x: Tensor) -> Tensor:
        if not module.dropout or not (module.training or self.always_dropout):
            return x
        keep = 1 - module.dropout
        generator = torch.Generator().manual_seed(0) if self.same_mask else None
        mask = (torch.rand(x.shape, generator=generator) < keep).to(x)
        mask = mask if self.no_rescaling else mask / keep
        return x * mask if self.mask_backward else x + (x * mask - x).detach()

    def _weight(self, module: nn.LSTM, name: str) -> Tensor:
        weight: Tensor = getattr(module, name)
        if self.calls % self.stale_for == 0:
            self.packed[name] = weight.detach().clone()
        if self.stale_for > 1:
            weight = weight - weight.detach() + self.packed[name]
        return scale_gradient(weight, self.weight_gradient)

    def _layer(self, module: nn.LSTM, level: int, x: Tensor, start: Pair) -> tuple[Tensor, Pair]:
        ih, hh = (self._weight(module, f"weight_{kind}_l{level}") for kind in ("ih", "hh"))
        bias = sum(self._weight(module, f"bias_{kind}_l{level}") for kind in ("ih", "hh"))
        hh = scale_gradient(hh, self.recurrent_gradient)
        (hidden, cell), outputs = start, []
        for inputs in x:
            z = functional.linear(self.rounds(inputs), self.rounds(ih), bias)  # type: ignore[arg-type]  # sum's 0
            z = z + functional.linear(self.rounds(hidden), self.rounds(hh))
            i, f, g, o = z.chunk(4, dim=1)
            f = scale_gradient(self.gate(f), self.forget_gradient)
            cell = f * scale_gradient(cell, self.cell_gradient) + self.gate(i) * g.tanh()
            hidden = self.gate(o) * cell.tanh()
            outputs.append(hidden)
        return torch.stack(outputs), (hidden, cell)


def tf32(x: Tensor) -> Tensor:
    """Keep 10 bits of the mantissa, rounded to nearest, as tensor cores do."""
    return x + ((x.detach().view(torch.int32) + 0x1000 & -0x2000).view(torch.float32) - x).detach()


def bfloat16(x: Tensor) -> Tensor:
    """Keep 7 bits of the mantissa."""
    return x + (x.detach().bfloat16().float() - x).detach()


def float16(x: Tensor) -> Tensor:
    """Keep 10 bits of the mantissa and 5 of the exponent, backward too: small gradients vanish."""
    return x.half().float()


ARITHMETIC = {"float32": lambda x: x, "tf32": tf32, "bfloat16": bfloat16, "float16": float16}


@pytest.fixture
def replace_lstm(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return what lets `nn.LSTM` compute with a `PythonLSTM` a module."""

    def replace(arithmetic: str = "float32", **fault: Any) -> None:
        def forward(module: nn.LSTM, x: Tensor, hx: Pair | None = None) -> tuple[Tensor, Pair]:
            memory = module.__dict__
            python = memory.setdefault("python", PythonLSTM(rounds=ARITHMETIC[arithmetic], **fault))
            produced: tuple[Tensor, Pair] = python.forward(module, x, hx)
            return produced

        monkeypatch.setattr(nn.LSTM, "forward", forward)

    return replace
