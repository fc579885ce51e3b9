"""Files that are replaced whole or not at all, and folders that take them."""

import os
import tempfile
from pathlib import Path


def replace_file(path: Path, text: str) -> None:
    """Put ``text`` into a file at once, so that no reader ever sees half of it.

    One that holds it already is left alone.

    Raises:
        OSError: if it cannot be written; the old file stays whole.
    """
    content = text.encode()
    if path.is_file() and path.read_bytes() == content:
        return
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def try_writing(folder: Path) -> None:
    """Do nothing where files can be written.

    Raises:
        OSError: where they cannot, or where there is no folder.
    """
    with tempfile.TemporaryFile(dir=folder):
        pass
