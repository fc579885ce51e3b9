"""The fast backend: all seeds of a case as one batched model, equal to `eager` seed by seed."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import final

import torch

from harness.backends.base import Backend, Watch
from harness.backends.batched_job import Job
from harness.backends.batched_run import EVALUATED, BatchedRun
from harness.backends.device import device_missing, quiet_torch
from harness.history import History, crashed
from harness.scenario import Case

MEMORY_LIMIT = 2 * 2**30
"""Bytes that one batched model may be estimated to need; more seeds are trained in several."""

LARGEST_BATCH = 64
"""Seeds in one batched model: by then dispatch is amortised, and more only leave the cache."""

CPU_CACHE = 2**20
"""Bytes of a core's second-level cache, a common size. A recurrence reads its layer's weights at
every timestep: seeds whose weights do not stay there together are slower as one model."""


@final
class Ensemble(Backend):
    """Trains the seeds of a case together."""

    name = "ensemble"
    batches_seeds = True

    def unavailable(self, device: str) -> str | None:
        """Return why PyTorch cannot use ``device`` here."""
        return device_missing(device)

    def unsupported(self, case: Case) -> str | None:
        """Return why ``case`` cannot be batched: a user's module is a black box."""
        if case.model.factory is None:
            return None
        return f"model.factory = {case.model.factory!r}: a user's own module cannot be batched"

    def train(self, case: Case, seeds: Sequence[int], device: str, watch: Watch) -> list[History]:
        """Train the seeds as one model, or as few as memory allows."""
        return train_many([(case, seed) for seed in seeds], device, watch)

    def train_many(
        self, jobs: Sequence[tuple[Case, int]], device: str, watch: Watch
    ) -> list[History]:
        """Train seeds of several cases together, as far as they differ only in numbers."""
        return train_many(jobs, device, watch)

    def epoch(self, case: Case, device: str) -> Callable[[], int]:
        """Prepare the first epoch of seed 0."""
        with quiet_torch(0), torch.inference_mode():
            run = BatchedRun([Job.prepare(case, 0)], device)

        def first_epoch() -> int:
            with quiet_torch(0), torch.inference_mode():
                return run.epoch(0)

        return first_epoch


def train_many(jobs: Sequence[tuple[Case, int]], device: str, watch: Watch) -> list[History]:
    """Train (case, seed) pairs, batching all that differ only in numbers or in data of one shape.

    Returns:
        One history a pair, in their order.
    """
    histories: dict[int, History] = {}
    groups: dict[tuple[object, ...], dict[int, Job]] = defaultdict(dict)
    for place, (case, seed) in enumerate(jobs):
        try:
            job = Job.prepare(case, seed)
        except Exception as error:  # noqa: BLE001  # whatever goes wrong with a seed is its result
            histories[place] = crashed(seed, f"{type(error).__name__}: {error}")
        else:
            groups[job.kind][place] = job
    for group in groups.values():
        places, prepared = list(group), list(group.values())
        size = batch_size(prepared[0], device)
        for start in range(0, len(places), size):
            part = slice(start, start + size)
            histories |= zip(places[part], _train_batch(prepared[part], device, watch), strict=True)
    return [histories[place] for place in range(len(jobs))]


def batch_size(job: Job, device: str) -> int:
    """Return how many seeds like ``job`` are trained as one model, within memory and cache."""
    training, data = job.case.training, job.data
    widths = (data.x.shape[2], *job.case.model.units)
    # a layer's z, transposed z and gradient of z; gates and their gradient; six of a state's size
    rows = sum(3 * (a + b + 2) + 14 * b for a, b in pairwise(widths))
    columns = min(training.batch_size, len(data.x)) + EVALUATED
    records = 4 * (data.x.size + len(data.x) + data.x_validation.size + len(data.x_validation))
    numbers = 10 * job.start.size + (data.x.shape[1] + 1) * columns * rows + records
    width = 8 if training.dtype == "float64" else 4
    cached = max(4 * b * (a + b + 2) for a, b in pairwise(widths)) * width
    most = CPU_CACHE // cached if device == "cpu" else LARGEST_BATCH
    return int(max(1, min(LARGEST_BATCH, MEMORY_LIMIT // (numbers * width), most)))


def _train_batch(jobs: list[Job], device: str, watch: Watch) -> list[History]:
    message = ""
    with quiet_torch(jobs[0].seed), torch.inference_mode():
        try:
            run = BatchedRun(jobs, device)
        except Exception as error:  # noqa: BLE001  # recorded, never raised
            message = f"{type(error).__name__}: {error}"
            finished = {place: crashed(job.seed, message) for place, job in enumerate(jobs)}
        else:
            message = _run(run, watch)
            finished = run.finished
            del run
    if _out_of_memory(message) and len(jobs) > 1:
        half = len(jobs) // 2
        return [
            *_train_batch(jobs[:half], device, watch),
            *_train_batch(jobs[half:], device, watch),
        ]
    return [finished[place] for place in range(len(jobs))]


def _run(run: BatchedRun, watch: Watch) -> str:
    """Train; return what was raised, if anything, as a message that holds no memory."""
    try:
        run.train(watch)
    except Exception as error:  # noqa: BLE001  # recorded, never raised
        message = f"{type(error).__name__}: {error}"
        run.crash(message)
        return message
    return ""


def _out_of_memory(message: str) -> bool:
    return "out of memory" in message or "not enough memory" in message
