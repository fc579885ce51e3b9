"""Digests of data files, by which a case knows the records that it was loaded with."""

import hashlib
from pathlib import Path


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def digest_of_file(path: Path) -> str:
    """Return the digest of a file; empty where there is no regular file that can be read."""
    try:
        return digest(path.read_bytes()) if path.is_file() else ""
    except (OSError, ValueError):  # ValueError: a NUL in the path; reading it will say so
        return ""
