"""Which code runs: versions of packages, and digests of the source that code was loaded from."""

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path


@cache
def source_of(module: str) -> str:
    """Return a digest of a module's source, or of all of a package's; empty if it has none.

    The module is not imported, a package that it lies in is.
    """
    try:
        spec = find_spec(module)
    except Exception:  # noqa: BLE001  # a user's package may raise anything; training will say so
        return ""
    if spec is None or not spec.has_location or spec.origin is None:
        return ""
    path = Path(spec.origin)
    files = sorted(path.parent.rglob("*.py")) if path.name == "__init__.py" else [path]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def package_source(module: str) -> str:
    """Return the digest of the outermost package around a module that has a source of its own."""
    names = accumulate(module.split("."), "{}.{}".format)
    return next(filter(None, map(source_of, names)), "")


def installed(package: str) -> str:
    """Return a package's name and version, ``"torch 2.13.0"``; empty if it is not installed."""
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return ""
