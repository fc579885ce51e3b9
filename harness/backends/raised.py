"""What was raised, as a sentence that any file can hold and any terminal can show."""

import signal
import sys
from threading import current_thread, main_thread

MOST_CHARACTERS = 10_000
"""A message may be a whole array; reports need its beginning."""


def sentence_of(error: BaseException) -> str:
    """Return type and message of what was raised, even where its own ``__str__`` raises."""
    try:
        text = str(error)
    except BaseException as broken:  # noqa: BLE001  # the user's own method: it must not end the run
        text = f"(its message cannot be told: __str__ raised {type(broken).__name__})"
    return f"{type(error).__name__}: {escaped(text[:MOST_CHARACTERS])}"


def escaped(text: str) -> str:
    r"""Return a text, of several lines maybe, that steers no terminal and fits into any file.

    Control characters and lone surrogates become escapes such as ``\x1b``.
    """
    return "".join(map(_escaped, text))


def _escaped(character: str) -> str:
    if character.isprintable() or character in "\n\t":
        return character
    return character.encode("unicode_escape").decode()


def ends_the_test(error: BaseException) -> bool:
    """Whether it is Ctrl-C, or how pytest and its plugins end a test: a time limit, for instance.

    Both come from the handler of a signal, in the main thread of the test process. Workers ignore
    Ctrl-C: a `KeyboardInterrupt` there was raised by what is trained.
    """
    if current_thread() is not main_thread() or signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        return False
    pytest = sys.modules.get("pytest")
    ends = (pytest.fail.Exception, pytest.skip.Exception, pytest.exit.Exception) if pytest else ()
    return isinstance(error, (KeyboardInterrupt, *ends))
