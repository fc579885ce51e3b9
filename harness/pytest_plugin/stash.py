"""What a run keeps in pytest's stash; it imports nothing heavy: every project's run looks there."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from harness.flow.sweep_trial import SweepTrial
    from harness.flow.trial import Trial
    from harness.pytest_plugin.found import Found
    from harness.pytest_plugin.run import Run
    from harness.report.folder import Held

FOUND: "pytest.StashKey[list[Found]]" = pytest.StashKey()
"""What an item found; a test may check several trainings."""

RUN: "pytest.StashKey[Run]" = pytest.StashKey()
"""What the items of this process share, once there are any."""

SELECTED: "pytest.StashKey[Mapping[str, Trial | SweepTrial]]" = pytest.StashKey()
"""The cases and maps that this process trains, by the ids of their items."""

HELD: "pytest.StashKey[Held]" = pytest.StashKey()
"""The report folder, once this process has it."""

REFUSAL = pytest.StashKey[str]()
"""Why an xdist worker trains nothing: it cannot end the run, so that each of its cases says so."""
