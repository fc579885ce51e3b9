"""Backends: one verb, `train`; one file a backend; found by the entry point `harness.backends`."""

from harness.backends.base import Backend, BackendError, Watch, available, check, get

__all__ = ["Backend", "BackendError", "Watch", "available", "check", "get"]
