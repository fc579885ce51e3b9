"""How a command ends."""

OK = 0
REGRESSION = 1
NOT_CAUGHT = 1
BAD_INPUT = 2
USAGE_ERROR = 4
"""As pytest's own; 1 and 2 are those of `compare`."""

INTERRUPTED = 130
"""By Ctrl-C, as shells say it."""


class Mistake(Exception):  # noqa: N818  # the user's, not the program's
    """What the user asked for cannot be done; the message is one line a reason."""
