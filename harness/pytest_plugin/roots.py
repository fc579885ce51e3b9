"""The folders in which every TOML file is a scenario."""

from pathlib import Path

import pytest


def scenario_roots(config: pytest.Config) -> list[Path]:
    """Return the folders of the ini option `scenario_paths`; pytest leaves its default relative.

    Without an ini file pytest's root is what its arguments have as a parent in common, which a
    `--convergence-report-dir` elsewhere moves; so a folder counts that lies here, or that here
    lies in, too.
    """
    here = config.invocation_params.dir
    named = config.getini("scenario_paths")
    around = [base / folder for folder in named for base in here.parents]
    folders = [base / folder for folder in named for base in (config.rootpath, here)]
    folders += [folder for folder in around if here.is_relative_to(folder)]
    return list(dict.fromkeys(folder for folder in folders if folder.is_dir()))
