"""What is injected: a fault that happened somewhere, or a change that is none."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

Inject = Callable[[], AbstractContextManager[object]]
"""Returns a new context manager, inside which PyTorch computes otherwise; it restores all."""


SYNTHETIC = "synthetic"


@dataclass(frozen=True)
class Fault:
    """Something that went wrong without crashing.

    Attributes:
        name: unique, for the command line and tests.
        surface: which part of training it sits in.
        source: where it happened: tracker and number, or version; `SYNTHETIC` if nowhere known.
        sentence: what it does.
        case: the name of a case in `CASES` that it acts on.
        inject: switches it on.
        probes: the names of those that have to fail.
        backend: which one it acts on.
    """

    name: str
    surface: str
    source: str
    sentence: str
    case: str
    inject: Inject
    probes: tuple[str, ...]
    backend: str = "eager"

    @property
    def leaves_all(self) -> bool:
        """Never: a fault changes something."""
        return False


@dataclass(frozen=True)
class Control:
    """A change that leaves training as it was but for rounding; other attributes as of `Fault`.

    Attributes:
        slow: whether it is trained in a thorough self-test only.
    """

    name: str
    sentence: str
    case: str
    inject: Inject
    backend: str = "eager"
    slow: bool = False

    @property
    def leaves_all(self) -> bool:
        """Whether nothing is changed: what is examined is the case."""
        return self.inject is nullcontext


Change = Fault | Control
