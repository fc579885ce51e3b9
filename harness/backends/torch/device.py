"""What PyTorch can run on here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch

_PRESENT: dict[str, Callable[[], bool]] = {
    "cpu": lambda: True,
    "cuda": torch.cuda.is_available,
    "mps": torch.backends.mps.is_available,
}


def device_missing(device: str) -> str | None:
    """Return why PyTorch cannot use ``device`` here, or ``None`` if it can."""
    if device not in _PRESENT:
        return f"unknown device {device!r}; valid: {', '.join(_PRESENT)}"
    if not _PRESENT[device]():
        return f"PyTorch {torch.__version__} finds no {device} device on this machine"
    return None


@contextmanager
def quiet_torch(seed: int) -> Iterator[None]:
    """Run on one thread under ``seed``, and leave PyTorch's global state as it was.

    One thread: on models this small a second one gains nothing, and seeds run side by side.
    """
    threads = torch.get_num_threads()
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        torch.set_num_threads(1)
        try:
            yield
        finally:
            torch.set_num_threads(threads)
