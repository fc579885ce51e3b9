"""Asks a user's network without anybody noticing: what it prints is not shown."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout


@contextmanager
def quiet() -> Iterator[None]:
    """Show nothing of what is printed or warned of inside, and let it not end the program.

    Raises:
        RuntimeError: the network asked for the end of the program.
    """
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except SystemExit as end:
            raise RuntimeError(f"the network ends the program: {end}") from end
