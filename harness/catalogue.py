"""Where the shipped scenarios lie: in the wheel inside of this package, in a checkout beside it."""

from importlib.util import find_spec
from pathlib import Path

PACKAGE = "harness.scenarios"


def catalogue() -> Path:
    """Return the folder of the shipped scenarios.

    Raises:
        FileNotFoundError: if this installation has none, such as a checkout put on `sys.path`.
    """
    found = find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError(f"{PACKAGE} is not installed: reinstall the package with pip")
    return Path(found.submodule_search_locations[0])
