"""One gate for all tests: clean training is kept."""

import pytest

from harness.selftest import Gate


@pytest.fixture(scope="session")
def gate() -> Gate:
    return Gate()
