"""Which numerical checks are not made of a case, each for a reason that its owner states."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from harness.scenario.section import Section
from harness.scenario.vocabulary import PROBES, ProbeName, nearest
from harness.scenario.vocabulary.probes import DECLARED


def _known_and_reasoned(given: object) -> object:
    """Return a table of reasons by the names of probes.

    Raises:
        ValueError: if a name is no probe's, or a reason is no text.
    """
    if not isinstance(given, dict):
        raise ValueError(f'must name probes with reasons, {{ gradient = "why" }}, got {given!r}')  # noqa: TRY004  # pydantic's
    for name, reason in given.items():
        if name not in PROBES:
            raise ValueError(f"unknown probe {name!r}{nearest(str(name), PROBES)}")
        if not isinstance(reason, str) or not reason.strip():
            raise ValueError(f"must say why {name} does not apply, got {reason!r}")
    return given


class Probes(Section):
    """What is asked of a case's arithmetic before training."""

    off: Annotated[dict[ProbeName, str], BeforeValidator(_known_and_reasoned)] = Field(
        default_factory=dict,
        description='probes that do not apply, each with the reason: { gradient = "why" }',
    )

    def why_off(self, name: str) -> str | None:
        """Return why a probe is not made; ``None``: it is.

        A probe at the declared sizes asks the same as its namesake, and is off with it.
        """
        reasons: dict[Any, str] = self.off
        return reasons.get(name, reasons.get(name.removesuffix(DECLARED)))
