"""Starting weights against their declaration: every tensor's distribution, and no two alike."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from torch import Tensor, nn

from harness.backends.torch.device import quiet_torch
from harness.backends.torch.eager import EagerRun
from harness.backends.torch.network import Network
from harness.initial import draw
from harness.probes.opened.declared_init import declared
from harness.probes.opened.framework_init import framework_checks
from harness.probes.toolkit.arithmetic import numbers
from harness.probes.toolkit.check import FLOAT32_ROUNDOFF, Array, Check, conclude, distance, exactly
from harness.probes.toolkit.distribution import MIN_DEPENDENCE, Uniform, dependence
from harness.probes.toolkit.recurrent import HELD
from harness.probes.toolkit.subject import Subject
from harness.results.probe import Probe
from harness.scenario.vocabulary import CELLS

NAME = "initialisation"

Named = dict[str, Array]


def initialisation(subject: Subject) -> Probe:
    """Compare the weights that training starts from with what is declared."""
    with subject.run(0) as run:
        model, first = run.model, _weights(run.model)
    with subject.run(0) as run:
        again = _weights(run.model)
    checks = [
        exactly(f"{name}: elements that its seed does not repeat", np.sum(values != again[name]))
        for name, values in first.items()
    ]
    if isinstance(model, Network):
        with subject.run(1) as other:
            checks += _declared_checks(subject, run, first, _weights(other.model))
    if subject.case.model.factory is not None or subject.case.model.initialiser.by_framework:
        with quiet_torch(0):
            checks += framework_checks()
            checks += _fresh_checks(nn.LSTM(16, 32, 2), 32)
    return conclude(NAME, f"{len(first)} starting tensors", checks)


def _weights(model: nn.Module) -> Named:
    parameters: dict[str, Tensor] = dict(model.named_parameters())
    if isinstance(model, Network):
        parameters = {
            f"{layer}.{name}": parameter
            for layer, group in model.named_layers().items()
            for name, parameter in group.items()
        }
    return {name: numbers(p) for name, p in parameters.items()}


def _declared_checks(
    subject: Subject, run: EagerRun, found: Named, other: Named
) -> Iterator[Check]:
    """Check what arrived, its distribution, and that tensors and seeds are independent."""
    model, features, outputs = subject.case.model, run.data.features, run.data.outputs
    if not model.initialiser.by_framework:
        for name, values in draw(model, features, outputs, 0).items():
            off = distance(found[name], values) if np.any(values) else float(np.any(found[name]))
            yield Check(f"{name} as drawn off by", off, FLOAT32_ROUNDOFF)
    drawn: Named = {}
    for name, rows, distribution in declared(model, features, outputs):
        where = _label(name, rows, len(found[name]), model.cell.gates)
        yield distribution.check(where, found[name][rows])
        if distribution.random and found[name][rows].size >= MIN_DEPENDENCE:
            drawn[where] = found[name][rows]
            yield from _dependences(_gates(where, found[name][rows], len(model.cell.gates)))
            yield dependence(f"{where} of two seeds", drawn[where], other[name][rows])
    yield from _dependences(drawn)


def _label(name: str, rows: slice, count: int, gates: tuple[str, ...]) -> str:
    """Return a tensor's name, with its gate where the rows are those of one."""
    first, last, _ = rows.indices(count)
    size = count // len(gates)
    return name if last - first != size else f"{name} {gates[first // size]} gate"


def _gates(name: str, values: Array, gates: int) -> Named:
    """Return the gates of a tensor that holds them all, if each is large enough to compare."""
    held = name.rpartition(".")[2].startswith(HELD) and " gate" not in name
    if gates == 1 or not held or values.size < gates * MIN_DEPENDENCE:
        return {}
    return {f"{name} gate {n}": gate for n, gate in enumerate(np.split(values, gates))}


def _fresh_checks(module: nn.LSTM, units: int) -> Iterator[Check]:
    """Check what `reset_parameters` documents: all uniform within 1 / sqrt(units)."""
    found = _weights(module)
    for name, values in found.items():
        yield Uniform(units**-0.5).check(f"nn.LSTM {name}", values)
        yield from _dependences(_gates(f"nn.LSTM.{name}", values, len(CELLS["lstm"].gates)))
    yield from _dependences(found)


def _dependences(tensors: Named) -> Iterator[Check]:
    for (name, one), (other, two) in combinations(tensors.items(), 2):
        yield dependence(f"{name} and {other}", one, two)
