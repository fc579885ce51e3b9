"""Which TOML files are scenarios. It imports nothing heavy: every project has a pyproject.toml."""

import tomllib
from contextlib import suppress
from pathlib import Path

import pytest

from harness.catalogue import catalogue

DEFAULT_FOLDERS = ("scenarios",)
LEFT_OUT = pytest.StashKey[list[str]]()
"""A line for each broken scenario that does not have to be one."""

NOTES = pytest.StashKey[dict[str, None]]()
"""What may not be meant in scenarios that can be trained, a line each, once."""

SHARDED = pytest.StashKey[list[str]]()
"""What to say of the shard that this run is."""


def declare(parser: pytest.Parser) -> None:
    """Add the ini option that says where scenarios lie."""
    described = "folders in which every TOML file is a scenario (default: scenarios)"
    parser.addini("scenario_paths", described, "paths", default=None)


def scenario_folders(config: pytest.Config) -> list[Path]:
    """Return the folders of the ini option `scenario_paths` that there are, and the catalogue's.

    Without an ini file pytest's root is what its arguments have as a parent in common, which a
    `--convergence-report-dir` elsewhere moves; so a folder counts that lies here, or that here
    lies in, too.
    """
    here = config.invocation_params.dir
    named = config.getini("scenario_paths") or DEFAULT_FOLDERS
    around = [base / folder for folder in named for base in here.parents]
    folders = [base / folder for folder in named for base in (config.rootpath, here)]
    folders += [folder for folder in around if here.is_relative_to(folder)]
    with suppress(FileNotFoundError):
        folders.append(catalogue())
    return list(dict.fromkeys(folder for folder in folders if folder.is_dir()))


def must_be_scenario(path: Path, session: pytest.Session) -> bool:
    """Whether a TOML file has to be a scenario, so that a broken one is an error.

    That is so for one that was named on the command line or lies under `scenario_paths`. A folder
    that nobody set and no argument names is only called `scenarios`.
    """
    if session.isinitpath(path):
        return True
    config = session.config
    above = [folder for folder in scenario_folders(config) if path.is_relative_to(folder)]
    if not above or "__baselines__" in path.parts:
        return False
    set_by_its_owner = bool(config.getini("scenario_paths"))
    return set_by_its_owner or any(_is_argument(folder, config) for folder in above)


def looks_like_scenario(path: Path) -> bool:
    """Whether a TOML file anywhere asks a question and claims something in a case.

    Of one with a mistake in its TOML the words have to do, so that it is named as left out.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        table = tomllib.loads(text)
    except (OSError, UnicodeDecodeError):
        return False
    except (ValueError, RecursionError):  # no TOML, or a number too long for Python
        return all(word in text for word in ("question", "[[case]]", "expect"))
    cases = table.get("case")
    claims = isinstance(cases, list) and any(
        isinstance(case, dict) and "expect" in case for case in cases
    )
    return claims and isinstance(table.get("question"), str)


def _is_argument(folder: Path, config: pytest.Config) -> bool:
    """Whether the command line names a folder, or something below it."""
    named = (config.invocation_params.dir / arg.split("::")[0] for arg in config.args)
    return any(path.resolve().is_relative_to(folder.resolve()) for path in named)
