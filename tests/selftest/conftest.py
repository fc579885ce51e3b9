"""One examiner for all tests: clean training is kept."""

import pytest

from harness.selftest import Examiner


@pytest.fixture(scope="session")
def examiner() -> Examiner:
    return Examiner()
