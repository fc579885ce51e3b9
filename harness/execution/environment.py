"""What trains: versions, and digests of the source that a process runs; two can be compared."""

import os
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from harness import backends
from harness.backends.source import source_of
from harness.backends.user_source import user_sources
from harness.execution.journal import versions
from harness.scenario.source import Source, digest_at

LOADED = source_of("harness")
"""Read at import: what a process runs is what lay there when it began, whatever is edited later."""

EDITED = "edited since the run began; leave it alone while it is trained"

Environment = tuple[str, ...]
"""Each part is what is meant and its version or digest: ``"torch 2.13.0"``."""


def environment(backend: str, own_code: Sequence[str]) -> Environment:
    """Return all that decides, besides the case, what a backend trains in this process.

    Args:
        backend: its name.
        own_code: what of the user's own is called, each ``"package.module:name"``.
    """
    sources = [each for reference in own_code for each in sources_as_begun(reference)]
    return (*versions(), backends.get(backend).identity, f"harness source {LOADED}", *sources)


def sources_as_begun(reference: str) -> Environment:
    """Return the digests of own code's modules as this process first met, then imported, them."""
    module = reference.partition(":")[0]
    return _first_seen(module, _origin(module))


def edited_since(own_code: Sequence[str]) -> str | None:
    """Say which module of the user's own code is not any more what this process began with."""
    edited: set[str] = set()
    for reference in own_code:
        now = user_sources(reference.partition(":")[0])
        edited |= {part.partition(" ")[0] for part in {*sources_as_begun(reference)} ^ {*now}}
    return f"{', '.join(sorted(edited))}: {EDITED}" if edited else None


def edited_files(files: Sequence[Source]) -> str | None:
    """Say which file is not what the run began with, or is loaded here as it was before that.

    One that is not there, as on another machine, is none that was edited: who needs it says so.
    """
    for path, digest, loaded_by in files:
        now = digest_at(path)
        if now is not None and now != digest:
            return f"{path.name}: {EDITED}"
        elsewhere = loaded_by not in (None, os.getpid())
        if elsewhere and _first_digest(path) not in (None, digest):
            return f"the worker has loaded {path.name} as it was before an edit: restart it"
    return None


@cache
def _first_digest(path: Path) -> str | None:
    return digest_at(path)


def difference(here: Environment, wanted: Environment) -> str | None:
    """Say what a process has that is not wanted, if anything."""
    if here == wanted:
        return None
    has = [part for part in here if part not in wanted]
    lacks = [part for part in wanted if part not in here]
    return (
        f"the worker has {', '.join(has) or 'nothing'}, not {', '.join(lacks) or 'nothing'}: "
        "give it the same code and packages as the test process, and restart it"
    )


@cache
def _first_seen(module: str, _origin: str) -> Environment:
    return user_sources(module)


def _origin(module: str) -> str:
    """Return where a module's outermost package lies: another of its name is another module."""
    try:
        spec = find_spec(module.partition(".")[0])
    except (ImportError, ValueError):  # ValueError: what was put into sys.modules by hand
        return ""
    return str(spec.origin or list(spec.submodule_search_locations or ())) if spec else ""
