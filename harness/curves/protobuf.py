"""The wire format of protocol buffers, as far as event files need it.

See https://protobuf.dev/programming-guides/encoding/.
"""

import struct
from collections.abc import Iterator

Field = int | bytes


class Malformed(Exception):  # noqa: N818  # the file is, not the program
    """The bytes are no message."""


def fields(message: bytes) -> Iterator[tuple[int, Field]]:
    """Yield the number and content of each field: integers as such, all else as bytes.

    Raises:
        Malformed: if the bytes are no message.
    """
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        kind = key & 7
        if kind == 0:
            value, at = _varint(message, at)
            yield key >> 3, value
            continue
        if kind == 2:  # noqa: PLR2004  # a length comes first
            size, at = _varint(message, at)
        else:
            size = {1: 8, 5: 4}.get(kind, -1)
        if size < 0 or at + size > len(message):
            raise Malformed
        yield key >> 3, message[at : at + size]
        at += size


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            raise Malformed
        byte = message[at]
        value, at = value | (byte & 0x7F) << shift, at + 1
        if byte < 0x80:  # noqa: PLR2004  # the highest bit says that more follow
            return value, at
    raise Malformed


def bytes_of(field: Field) -> bytes:
    """Return a field that holds bytes."""
    if isinstance(field, int):
        raise Malformed
    return field


def integer_of(field: Field) -> int:
    """Return a field that holds an integer."""
    if not isinstance(field, int):
        raise Malformed
    return field


def float_of(field: Field) -> float:
    """Return a field that holds a float of 32 bits."""
    if isinstance(field, int) or len(field) != 4:  # noqa: PLR2004
        raise Malformed
    number: float = struct.unpack("<f", field)[0]
    return number
