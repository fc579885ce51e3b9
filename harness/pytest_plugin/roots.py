"""The folders in which every TOML file is a scenario."""

from pathlib import Path

import pytest


def scenario_roots(config: pytest.Config) -> list[Path]:
    """Return the folders of the ini option `scenario_paths`; pytest leaves its default relative."""
    return [config.rootpath / folder for folder in config.getini("scenario_paths")]
