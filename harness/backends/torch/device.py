"""What PyTorch can run on here."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from harness.backends.isolation import isolated

NO_PROJECTION = "LSTM with projections is not supported with oneDNN"
"""What PyTorch warns of where a layer projects: that another kernel of its own computes it."""


def device_missing(device: str) -> str | None:
    """Return why PyTorch cannot use ``device`` here, or ``None`` if it can."""
    try:
        wanted = torch.device(device)
    except RuntimeError as error:
        return f"torch.device takes no {device!r}: {str(error).splitlines()[0]}"
    try:
        there = torch.get_device_module(wanted)
    except RuntimeError:  # a kind of device that this build of PyTorch was made without
        there = None
    if there is None or not there.is_available() or (wanted.index or 0) >= there.device_count():
        return f"PyTorch {torch.__version__} finds no {device} device on this machine"
    return None


@contextmanager
def quiet_torch(seed: int) -> Iterator[None]:
    """Run as `seeded` does, and leave the process' global state as it was."""
    with isolated(seed), seeded(seed):
        yield


def seed_torch(seed: int) -> None:
    """Seed as `torch.manual_seed` does, without what that spends where there is no accelerator.

    It then notes for each kind of them what to seed later, with the stack that asked for it: deep
    in a test that takes milliseconds.
    """
    if torch.accelerator.is_available():
        torch.manual_seed(seed)
    else:
        torch.default_generator.manual_seed(seed)


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Run on one thread under ``seed``; cheap enough to be timed with a step.

    One thread: on models this small a second one gains nothing, and seeds run side by side.
    """
    threads = torch.get_num_threads()
    with torch.random.fork_rng(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=NO_PROJECTION)
        seed_torch(seed)
        torch.set_num_threads(1)
        try:
            yield
        finally:
            torch.set_num_threads(threads)
