"""The text of a recording, or one sentence that says why there is none."""

from pathlib import Path

from harness.curves.errors import CurveError, place

LARGEST = 256 * 2**20
"""Bytes; a million steps of ten metrics are less. Larger files hold more than curves."""


def content(path: Path) -> bytes:
    """Read a file whole.

    Raises:
        CurveError: if it cannot be read, is empty, is no file, or is larger than `LARGEST`.
    """
    try:
        if path.exists() and not path.is_file():
            raise CurveError(f"{path}: is not a file")
        size = path.stat().st_size
        if size > LARGEST:
            raise CurveError(
                f"{path}: is {size / 2**20:.0f} MiB, more than the {LARGEST // 2**20} MiB that "
                "are read: keep the step and the metrics that you compare"
            )
        found = path.read_bytes()
    except OSError as error:
        raise CurveError(f"{path}: cannot be read: {error.strerror}") from None
    if not found.strip():
        raise CurveError(f"{path}: is empty")
    return found


def decoded(found: bytes, path: Path) -> str:
    """Decode UTF-8, with or without a byte order mark.

    Raises:
        CurveError: if it is not UTF-8.
    """
    try:
        return found.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = found.count(b"\n", 0, error.start) + 1
        raise CurveError(f"{place(path, line)}: is not UTF-8") from None
