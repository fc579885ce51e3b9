"""How much memory a case needs at least, and how much this machine has."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from harness.dataset.files import read_for
from harness.dataset.records import DataFileError
from harness.scenario import Case, FromFactory, FromFile, FromSeries, Task

SHARE = 4
"""A case that needs more than one part in so many of the memory that is free is not worked on in
the test process besides being trained: what it needs at least is less than what it needs."""

FLOAT64 = 8
_NUMBERS_AN_EPOCH = 6
"""Of a history: loss and metric on two sides, and the gradient and update of a layer at least."""

STEP = 1024
CGROUP = Path("/sys/fs/cgroup")


def check_memory(case: Case) -> tuple[str, str] | None:
    """Return the field that asks for most, and why the case cannot fit into this machine."""
    needed, has = needs(case), capacity()
    total = sum(needed.values())
    if has is None or total <= has:
        return None
    field = max(needed, key=needed.__getitem__)
    sizes = f"at least {in_words(total)} of memory, and this machine has {in_words(has)}"
    return field, f"{case.name} cannot fit: it needs {sizes}"


def too_large_here(case: Case) -> str | None:
    """Say why a case is not worked on in this process besides being trained, if so."""
    total, free = sum(needs(case).values()), available()
    if free is None or total <= free // SHARE:
        return None
    return (
        f"not made: the case needs at least {in_words(total)} of memory, and {in_words(free)} are "
        f"free; at most a quarter of it is used beside training"
    )


def needs(case: Case) -> dict[str, int]:
    """Return the bytes that training a seed needs at least, by the field that asks for them.

    Counted is what is held at once by every backend: records in float64 and in the declared type;
    a weight as drawn and as trained; each layer's outputs at every timestep of a batch, which its
    gradient needs; the history of all epochs. Of a user's own model only records and epochs count.
    """
    width = np.dtype(case.training.dtype).itemsize
    records, validation, timesteps, features = shape(case)
    record = (timesteps * features + 1) * (FLOAT64 + (width if width != FLOAT64 else 0))
    copies = records * case.data.jitter_copies
    needed = {
        "data.records": records * record,
        "data.validation_records": validation * record,
        "data.jitter_copies": copies * record,
        "training.epochs": case.training.epochs * _NUMBERS_AN_EPOCH * FLOAT64,
    }
    if case.factory is None:
        drawn = width if case.model.initialiser.by_framework else FLOAT64
        batch = min(case.training.batch_size, records + copies)
        needed["model.units"] = _weights(case, features) * (drawn + width)
        needed["training.batch_size"] = batch * timesteps * _outputs(case, features) * width
    return needed


def shape(case: Case) -> tuple[int, int, int, int]:
    """Return training and validation records, timesteps and features; zeros of a broken file."""
    data = case.data
    if isinstance(data, Task):
        features = data.ids or data.width + bool(data.distractor_scale)
        return data.records, data.validation_records, data.timesteps, features
    if isinstance(data, FromFactory):  # its owner knows; it is not called to be measured
        return 0, 0, 0, 0
    assert isinstance(data, FromFile | FromSeries)  # noqa: S101  # there are four kinds of data
    try:
        x = read_for(case).x
    except DataFileError:  # which is told where files are checked
        return 0, 0, 0, 0
    return min(len(x), data.records or len(x)), 0, x.shape[1], x.shape[2]


def _outputs(case: Case, features: int) -> int:
    """Return how many numbers all layers put out at a timestep."""
    return sum(layer.outputs for layer in case.model.layers(features))


def _weights(case: Case, features: int) -> int:
    gates = len(case.model.cell.gates)
    return sum(
        gates * layer.units * (layer.inputs + layer.outputs + 2)
        for layer in case.model.layers(features)
    )


def capacity() -> int | None:
    """Return the bytes that this process may come to hold, swap included; ``None``: unknown."""
    information = _meminfo()
    try:
        physical = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # Windows
        physical = 0
    total = information.get("MemTotal", physical) + information.get("SwapTotal", 0)
    return min([total, *(limit for limit, _ in _group_limits())]) or None


def available() -> int | None:
    """Return the bytes that are free, or become free when asked for; ``None``: unknown."""
    free = _meminfo().get("MemAvailable")
    if free is None:
        return capacity()
    return min([free, *(max(limit - used, 0) for limit, used in _group_limits())])


def _meminfo() -> dict[str, int]:
    """Return what Linux says of its memory, in bytes."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return {}
    parts = [line.split() for line in lines]
    return {name.rstrip(":"): int(value) * 1024 for name, value, *_ in parts}


def _groups() -> Iterator[Path]:
    """Yield the control groups (v2) around this process, its own first."""
    try:
        lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        if line.startswith("0::"):
            own = CGROUP / line.removeprefix("0::").strip("/")
            yield from (group for group in (own, *own.parents) if group.is_relative_to(CGROUP))


def _group_limits() -> Iterator[tuple[int, int]]:
    """Yield the limit of each group that has one, and what it holds, in bytes."""
    for group in _groups():
        try:
            limit = (group / "memory.max").read_text(encoding="ascii").strip()
            used = (group / "memory.current").read_text(encoding="ascii").strip()
        except OSError:
            continue
        if limit.isdecimal():  # "max": no limit
            yield int(limit), int(used)


def in_words(size: float) -> str:
    """Return a size in bytes for a person: ``"426.3 PiB"``."""
    for unit in ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB"):
        if size < STEP:
            return f"{size:.1f} {unit}"
        size /= STEP
    return f"{size:.1f} EiB"
