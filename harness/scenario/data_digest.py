"""Digests of data files, by which a case knows the records that it was loaded with."""

import hashlib
from pathlib import Path

MOST_BYTES = 2**30
"""Of a data file, and of an array in it unpacked: training holds it several times over."""


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def digest_of_file(path: Path) -> str:
    """Return the digest of a file; empty where there is none that can be read."""
    try:
        readable = path.is_file() and path.stat().st_size <= MOST_BYTES
        return digest(path.read_bytes()) if readable else ""
    except (OSError, ValueError):  # ValueError: a NUL in the path; reading it will say so
        return ""
