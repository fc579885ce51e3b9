"""Nothing that goes wrong in what listens may reach the program that is listened to."""

import functools
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Concatenate, ParamSpec, Protocol, TypeVar

Given = ParamSpec("Given")
Answer = TypeVar("Answer")
Otherwise = TypeVar("Otherwise")

LONGEST = 160
"""Characters of an exception's message that are shown: the line shall stay one line."""


class Guard:
    """Catches exceptions of ours, and tells of each place once, in one line on standard error."""

    def __init__(self) -> None:
        self.told: set[str] = set()

    def ask(
        self,
        otherwise: Otherwise,
        question: Callable[Given, Answer],
        *args: Given.args,
        **kwargs: Given.kwargs,
    ) -> Answer | Otherwise:
        """What a question returns, or ``otherwise`` where it raises."""
        try:
            return question(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with us is not the script's
            self.caught(question.__name__, error)
            return otherwise

    def caught(self, place: str, error: Exception) -> None:
        """Tell of an exception, unless its place was told of before."""
        place = place.strip("_").replace("_", " ")
        if place in self.told:
            return
        self.told.add(place)
        text = " ".join(f"{type(error).__name__}: {error}".split())[:LONGEST]
        with suppress(OSError, ValueError, AttributeError):  # the script may have closed it
            sys.stderr.write(
                f"harness: could not watch {place!r} ({text}); the rest is diagnosed without it\n"
            )


class Guarded(Protocol):
    """What listens, and has a guard for it."""

    guard: Guard


Listener = TypeVar("Listener", bound=Guarded)


def guarded(
    listen: Callable[Concatenate[Listener, Given], None],
) -> Callable[Concatenate[Listener, Given], None]:
    """A method that listens, whose exceptions end in its object's guard."""

    @functools.wraps(listen)
    def safely(self: Listener, /, *args: Given.args, **kwargs: Given.kwargs) -> None:
        try:
            listen(self, *args, **kwargs)
        except Exception as error:  # noqa: BLE001 - see above; one call less for each hook
            self.guard.caught(listen.__name__, error)

    return safely
