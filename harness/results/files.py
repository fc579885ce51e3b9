"""Files that are replaced whole or not at all, and folders that take them."""

import os
import re
import stat
import tempfile
from pathlib import Path

_UNFINISHED = re.compile(r"\..+\.[0-9]+")


def replace_file(path: Path, text: str, *, flushed: bool = False) -> None:
    """Put ``text`` into a file at once, so that no reader ever sees half of it.

    One that holds it already is left alone. A link stays a link, what it points to is replaced; the
    file keeps its mode. ``flushed``: it is on the disk once this returns, whatever happens to the
    power; a report is not worth that wait.

    Raises:
        OSError: if it cannot be written; the old file stays whole.
    """
    content, path = text.encode(), path.resolve()
    if path.is_file() and path.read_bytes() == content:
        return
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(content)
        if flushed:
            _flush(unfinished, os.O_RDWR)
        if path.exists():
            unfinished.chmod(stat.S_IMODE(path.stat().st_mode))
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    if flushed and os.name != "nt":  # the new name too; Windows opens no folder
        _flush(path.parent, os.O_RDONLY)


def _flush(path: Path, access: int) -> None:
    descriptor = os.open(path, access)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(folder: Path, name: str = "*") -> None:
    """Delete what a killed process left of a file that it was replacing.

    Only where nobody else writes ``name`` at the same time: its caller holds a lock.
    """
    for path in folder.glob(f".{name}.*"):
        if _UNFINISHED.fullmatch(path.name) and path.is_file():
            path.unlink(missing_ok=True)


def try_writing(folder: Path) -> None:
    """Do nothing where files can be written.

    Raises:
        OSError: where they cannot, or where there is no folder.
    """
    with tempfile.TemporaryFile(dir=folder):
        pass
