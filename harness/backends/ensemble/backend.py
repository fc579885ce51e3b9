"""The fast backend: seeds of a case as batched models, equal to `eager` seed by seed."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import final

import torch

from harness.backends.base import Backend, Watch
from harness.backends.ensemble.freed_memory import give_back_freed
from harness.backends.ensemble.job import PreparedSeed
from harness.backends.ensemble.network import LAYERS, BatchedNetwork
from harness.backends.ensemble.run import EnsembleRun
from harness.backends.loop import attempt, prepare_epoch
from harness.backends.torch.device import device_missing, seeded
from harness.history import History, crashed
from harness.scenario import Case, Model, Training

MEMORY_LIMIT = 3 * 2**29
"""Bytes that one batched model may be estimated to need, so that with PyTorch itself a process
stays under 2 GiB; more seeds are trained in several."""

LARGEST_BATCH = 64
"""Seeds in one batched model on a processor: dispatch is amortised, more only leave the cache."""

CPU_CACHE = 2**20
"""Bytes of a core's second-level cache, a common size. A recurrence reads its layer's weights at
every timestep: seeds whose weights do not stay there together are slower as one model."""

LARGE_MODEL = 2**17
"""Weights of a seed from which memory that a batch has freed is given back before the next."""

OUT_OF_MEMORY = (
    "out of memory",  # CUDA, mps
    "not enough memory",  # PyTorch on Windows
    "can't allocate memory",  # PyTorch on Linux
    "Unable to allocate",  # NumPy
    "MemoryError",
    "bad_alloc",  # C++, oneDNN
)
"""What messages say when memory runs out; PyTorch has a type of its own for CUDA only."""


@final
class Ensemble(Backend):
    """Trains the seeds of a case together."""

    name = "ensemble"
    batches_seeds = True
    batches_cases = True
    opens_batch = True
    vendor_kernels = False  # it multiplies matrices itself

    def unavailable(self, device: str) -> str | None:
        """Return why PyTorch cannot use ``device`` here."""
        return device_missing(device)

    def unsupported(self, case: Case) -> str | None:
        """Return why ``case`` cannot be batched: a user's module is a black box."""
        if (loss := case.training.own_loss) is not None:
            return f"training.loss = {loss!r}: a user's own loss cannot be batched"
        if reason := _unwritten(case.model) or _not_batched(case.training):
            return reason
        if (own := case.training.own_optimizer) is not None:
            return f"training.optimizer = {own!r}: a user's own optimizer cannot be batched"
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

    @contextmanager
    def open(self, case: Case, seeds: Sequence[int], device: str) -> Iterator[EnsembleRun]:
        """Open the run that would be trained, all seeds in one batch."""
        with _surroundings(seeds[0]):
            yield EnsembleRun([PreparedSeed.prepare(case, seed) for seed in seeds], device)

    def epoch(self, case: Case, device: str) -> Callable[[], int]:
        """Prepare the first epoch of seed 0."""
        return prepare_epoch(
            _surroundings, lambda: EnsembleRun([PreparedSeed.prepare(case, 0)], device)
        )


def _unwritten(model: Model) -> str | None:
    """Return which layers its batched passes, written by hand, do not know."""
    if model.kind not in LAYERS:
        return f"model.kind = {model.kind!r}: no batched layer of it is written"
    return None


def _not_batched(training: Training) -> str | None:
    """Return what of a step is not written for many seeds at once."""
    if training.half is not None:
        return f"training.precision = {training.half!r}: batched passes are float32 or float64"
    return None


@contextmanager
def _surroundings(seed: int = 0) -> Iterator[None]:
    with seeded(seed), torch.inference_mode():
        yield


def train_many(jobs: Sequence[tuple[Case, int]], device: str, watch: Watch) -> list[History]:
    """Train (case, seed) pairs, batching all that differ only in numbers or in data of one shape.

    Seeds are prepared as they are trained, so that memory does not grow with their number.

    Returns:
        One history per pair, in their order.
    """
    histories: dict[int, History] = {}
    waiting: dict[tuple[object, ...], dict[int, PreparedSeed]] = defaultdict(dict)
    for index, (case, seed) in enumerate(jobs):
        job = _prepared(case, seed)
        if isinstance(job, History):
            histories[index] = job
            continue
        batch = waiting[job.kind]
        batch[index] = job
        if len(batch) >= batch_size(job, device):
            histories |= _trained(waiting.pop(job.kind), device, watch)
    for batch in waiting.values():
        histories |= _trained(batch, device, watch)
    return [histories[index] for index in range(len(jobs))]


def _prepared(case: Case, seed: int) -> PreparedSeed | History:
    return attempt(lambda: PreparedSeed.prepare(case, seed), lambda crash: crashed(seed, *crash))


def batch_size(job: PreparedSeed, device: str) -> int:
    """Return how many seeds like ``job`` are trained as one model, within memory and cache."""
    training, data = job.case.training, job.data
    records, timesteps, features = data.x.shape
    layers = job.case.model.layers(features)
    batches = {min(training.batch_size, records), records % training.batch_size}
    activations = BatchedNetwork.activations(layers, batches, {records, len(data.x_validation)})
    # float64 as prepared and as float32: parameters, gradients, optimiser, copies
    parameters = 14 * parameters_of(job)
    copies = 4 * (data.x.size + len(data.x) + data.x_validation.size + len(data.x_validation))
    width = 8 if training.dtype == "float64" else 4
    numbers = parameters + (timesteps + 1) * activations + copies
    limits = [MEMORY_LIMIT // (numbers * width)]
    if device == "cpu":
        cached = max(4 * each.units * (each.inputs + each.units + 2) for each in layers) * width
        limits += [LARGEST_BATCH, CPU_CACHE // cached]
    return int(max(1, min(limits)))


def parameters_of(job: PreparedSeed) -> int:
    """Return how many weights a seed has."""
    return sum(values.size for values in job.weights.values())


def _trained(jobs: dict[int, PreparedSeed], device: str, watch: Watch) -> dict[int, History]:
    """Train jobs of one kind together; return their histories by their index."""
    histories = dict(zip(jobs, _train_batch(list(jobs.values()), device, watch), strict=True))
    if parameters_of(next(iter(jobs.values()))) >= LARGE_MODEL:
        give_back_freed()
    return histories


def _train_batch(jobs: list[PreparedSeed], device: str, watch: Watch) -> list[History]:
    """Train jobs as one model, or half of them at a time where memory runs out."""
    with _surroundings(jobs[0].seed):
        run = attempt(
            lambda: EnsembleRun(jobs, device),
            lambda crash: [crashed(job.seed, *crash) for job in jobs],
        )
        histories = run if isinstance(run, list) else _histories(run, watch)
        del run  # and its memory
    if len(jobs) > 1 and any(_out_of_memory(history.message) for history in histories):
        half = len(jobs) // 2
        return [
            *_train_batch(jobs[:half], device, watch),
            *_train_batch(jobs[half:], device, watch),
        ]
    return histories


def _histories(run: EnsembleRun, watch: Watch) -> list[History]:
    """Train all seeds; a crash is that of each seed still in training."""
    attempt(lambda: run.train(watch), lambda crash: run.crash(crash.message))
    return [run.finished[index] for index in sorted(run.finished)]


def _out_of_memory(message: str) -> bool:
    return any(words in message for words in OUT_OF_MEMORY)
