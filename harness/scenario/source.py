"""A file of the user's own code, by its digest as a run began."""

import hashlib
import os
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple


class Source(NamedTuple):
    """A file of code.

    Attributes:
        path: where it lies.
        digest: of its content as the run began.
        loaded_by: the process that has loaded it, and asks others to; ``None`` where nobody keeps
            what was loaded: a command's files are read anew.
    """

    path: Path
    digest: str
    loaded_by: int | None


def source(path: Path, *, loaded: bool) -> Source:
    """Return a file with its digest now; empty where it cannot be read."""
    return Source(path, digest_at(path) or "", os.getpid() if loaded else None)


def digest_at(path: Path) -> str | None:
    """Return the digest of a file's content, ``None`` where it cannot be read."""
    try:
        now = path.stat()
        return _digest(path, now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns)
    except OSError:
        return None


@lru_cache(maxsize=4096)
def _digest(path: Path, *_state: int) -> str:
    """Return a file's digest; its inode, size and times say whether it has to be hashed again."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
