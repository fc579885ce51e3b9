"""Curves as programs write them."""

import json
import struct
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from harness.curves.crc32c import masked_crc32c
from harness.curves.measures import Floats

STEPS = range(1, 201)


def falling(seed: int | None = None, *, level: float = 1.0, slower: float = 1.0) -> Floats:
    """Return an exponential fall over 200 steps, with 2 % noise where there is a seed."""
    mean = 2.3 * np.exp(-5 * np.array(STEPS) / 200 / slower) + 0.1
    noise = 0.0 if seed is None else np.random.default_rng(seed).normal(size=len(STEPS))
    return np.asarray(level * mean * np.exp(0.02 * noise))


def json_lines(path: Path, values: Sequence[float] | Floats, metric: str = "loss") -> Path:
    """Write `{"step": 1, "loss": ...}` lines, from step 1."""
    rows = [json.dumps({"step": s, metric: float(v)}) for s, v in enumerate(values, 1)]
    return _written(path.with_suffix(".jsonl"), "\n".join(rows) + "\n")


def csv(path: Path, values: Sequence[float]) -> Path:
    """Write a header and rows."""
    rows = [f"{s},{v}" for s, v in enumerate(values, 1)]
    return _written(path.with_suffix(".csv"), "\n".join(["step,loss", *rows]) + "\n")


def golden(path: Path, values: Sequence[float]) -> Path:
    """Write golden values by step, in Megatron-LM's layout, with a metric that is not finite."""
    by_step = {str(s): v for s, v in enumerate(values, 1)}
    head = {"start_step": 1, "end_step": len(values), "step_interval": 1}
    timing = head | {"values": dict.fromkeys(by_step, "nan")}
    content = {"loss": head | {"values": by_step}, "iteration-time": timing}
    return _written(path.with_suffix(".json"), json.dumps(content, indent=4))


def golden_list(path: Path, values: Sequence[float]) -> Path:
    """Write golden values as older versions did: a list from a start, with an interval."""
    content = {
        "loss": {"start_step": 1, "end_step": 99, "step_interval": 1, "values": list(values)},
        "iteration_timing_avg": 0.1,
    }
    return _written(path.with_suffix(".json"), json.dumps(content))


def titan(path: Path, values: Sequence[float]) -> Path:
    """Write torchtitan's log, colours and other lines included."""
    rows = [
        f"[titan] 2025-01-01 00:00:00,000 - root - INFO - \x1b[31mstep: {s:2}  "
        f"\x1b[32mloss: {v}  \x1b[0mmemory: 0.51GiB(0.64%)  tps: 1,234"
        for s, v in enumerate(values, 1)
    ]
    return _written(path.with_suffix(".log"), "\n".join(["Starting job", *rows, "Done"]))


def bare(path: Path, values: Sequence[float]) -> Path:
    """Write torchtitan's golden losses."""
    return _written(
        path.with_suffix(".txt"), "".join(f"{s} {v}\n" for s, v in enumerate(values, 1))
    )


def events(path: Path, values: Sequence[float]) -> Path:
    """Write an event file by hand, as `tensorflow/core/util/event.proto` says."""
    path = path.with_name(f"events.out.tfevents.{path.name}")
    path.write_bytes(b"".join(map(_record, range(1, len(values) + 1), values)))
    return path


def _record(step: int, value: float) -> bytes:
    scalar = b"\x0a\x04loss\x15" + struct.pack("<f", value)
    summary = bytes([0x0A, len(scalar)]) + scalar
    event = bytes([0x10, step, 0x2A, len(summary)]) + summary
    length = struct.pack("<Q", len(event))
    checksums = (struct.pack("<I", masked_crc32c(each)) for each in (length, event))
    return length + next(checksums) + event + next(checksums)


def _written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


Writer = Callable[[Path, Sequence[float]], Path]
FORMATS: list[Writer] = [json_lines, csv, golden, golden_list, titan, bare, events]
