"""Backends: one verb, `train`; one file a backend; found by the entry point `harness.backends`."""

from harness.backends.base import Backend, BackendError, TrainsMany, Watch, available, check, get

__all__ = ["Backend", "BackendError", "TrainsMany", "Watch", "available", "check", "get"]
