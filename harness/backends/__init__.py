"""Backends: one verb, `train`; a folder for each framework; found by the entry point group."""

from harness.backends.base import BACKENDS, Backend, BackendError, Watch, get

available, check = BACKENDS.names, BACKENDS.check

__all__ = ["Backend", "BackendError", "Watch", "available", "check", "get"]
