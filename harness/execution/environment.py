"""What trains: versions, and digests of the source that a process runs; two can be compared."""

from functools import cache
from importlib.util import find_spec

from harness import backends
from harness.backends.source import source_of
from harness.backends.user_source import user_sources
from harness.execution.journal import versions

LOADED = source_of("harness")
"""Read at import: what a process runs is what lay there when it began, whatever is edited later."""

Environment = tuple[str, ...]
"""Each part is what is meant and its version or digest: ``"torch 2.13.0"``."""


def environment(backend: str, factory: str | None) -> Environment:
    """Return all that decides, besides the case, what a backend trains in this process.

    Args:
        backend: its name.
        factory: the user's own module, ``"package.module:Name"``, or ``None``.
    """
    sources = sources_as_begun(factory) if factory else ()
    return (*versions(), backends.get(backend).identity, f"harness source {LOADED}", *sources)


def sources_as_begun(factory: str) -> Environment:
    """Return the digests of a factory's modules as this process first met, then imported, them."""
    module = factory.partition(":")[0]
    return _first_seen(module, _origin(module))


def edited_since(factory: str | None) -> str | None:
    """Say which module of a factory is not any more what this process began with, if any."""
    if factory is None:
        return None
    begun, now = sources_as_begun(factory), user_sources(factory.partition(":")[0])
    edited = sorted({part.partition(" ")[0] for part in set(begun) ^ set(now)})
    if not edited:
        return None
    return f"{', '.join(edited)}: edited since the run began; leave it alone while it is trained"


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
