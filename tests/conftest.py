"""pytester runs the plugin as a user meets it: a pytest run of its own, in an empty folder."""

import signal
from collections.abc import Iterator

import pytest

pytest_plugins = ["pytester"]


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c_can_arrive() -> Iterator[None]:
    """A shell starts jobs in the background with Ctrl-C ignored, which is how we know workers."""
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
