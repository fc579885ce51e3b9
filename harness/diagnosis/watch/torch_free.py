"""Silences a PyTorch recorder, if there is one, without importing PyTorch."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def silent() -> Iterator[None]:
    """Keep Keras on PyTorch from being recorded twice."""
    module = sys.modules.get("harness.diagnosis.watch.torch_recorder")
    listening = module.LISTENING[:] if module is not None else []
    before = [recorder.busy for recorder in listening]
    for recorder in listening:
        recorder.busy = True
    try:
        yield
    finally:
        for recorder, was in zip(listening, before, strict=True):
            recorder.busy = was
