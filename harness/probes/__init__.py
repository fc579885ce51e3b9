"""Probes: cheap numerical checks, made before training, of what no epoch count shows."""

from collections.abc import Callable, Collection, MutableMapping
from typing import TYPE_CHECKING

from harness.results.probe import Level, Probe

if TYPE_CHECKING:
    from harness.backends import Backend
    from harness.scenario import Case

__all__ = ["Level", "Probe", "probe"]

Shared = MutableMapping[tuple[str, ...], Probe]
"""Probes already made, for the cases that agree in everything that a probe looks at."""


def probe(
    case: "Case",
    backend: "Backend",
    device: str,
    level: Level,
    shared: Shared | None = None,
    names: Collection[str] | None = None,
    begin: Callable[[str], None] | None = None,
) -> list[Probe]:
    """Make the numerical checks of ``case`` on ``backend`` and ``device`` as they are.

    Args:
        case: what is about to be trained.
        backend: what will train it.
        device: as in `Backend.train`.
        level: ``fast`` reduces the case to milliseconds; ``full`` adds the checks that also
            have a meaning on the case as declared; ``off`` makes none.
        shared: probes of earlier cases, added to; the caller keeps it for as long as backend
            and device stay what they are.
        names: of the probes to make; all of the level if left out.
        begin: told the name of each probe before it is made.

    Returns:
        One probe a check, those that were skipped with their reason.
    """
    if level == "off":
        return []
    from harness.probes.suite import make  # noqa: PLC0415  # PyTorch is imported when needed

    return make(case, backend, device, level, {} if shared is None else shared, names, begin)
