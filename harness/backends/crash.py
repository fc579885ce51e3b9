"""What training raised, as a result: its message, and the traceback of the user's own code."""

import traceback
from itertools import dropwhile
from pathlib import Path
from typing import NamedTuple

from harness.backends.raised import escaped, sentence_of
from harness.dataset.records import DataFileError
from harness.user_code import UserCodeError

PACKAGE = Path(__file__).parents[1]
FRAMEWORKS = {"torch", "keras"}
"""Their packages lie between our code and the user's: a module's call, for instance."""


class Crash(NamedTuple):
    """What training raised.

    Attributes:
        message: type and text of the exception.
        traceback: the frames of the user's own code, as Python prints them; empty without any.
    """

    message: str
    traceback: str


def crash_of(error: BaseException) -> Crash:
    """Return what was raised; its traceback begins where the user's code begins.

    Where none of it was running that is where our code called the framework, and the traceback is
    empty where nobody's code but ours was.
    """
    if isinstance(error, UserCodeError):  # it says itself what is wrong
        return Crash(escaped(str(error)), escaped(error.detail))
    if isinstance(error, DataFileError):  # so does what was read, and no code of theirs ran
        return Crash(sentence_of(error), "")
    frames = traceback.extract_tb(error.__traceback__)
    called = list(dropwhile(lambda frame: _is_ours(frame.filename), frames))
    theirs = list(dropwhile(lambda frame: _is_before_theirs(frame.filename), called)) or called
    lines = traceback.format_list(theirs) + traceback.format_exception_only(error)
    return Crash(sentence_of(error), escaped("".join(lines)) if theirs else "")


def _is_ours(file: str) -> bool:
    return Path(file).is_relative_to(PACKAGE)


def _is_before_theirs(file: str) -> bool:
    _, installed, below = file.replace("\\", "/").rpartition("/site-packages/")
    return _is_ours(file) or bool(installed and below.partition("/")[0] in FRAMEWORKS)
