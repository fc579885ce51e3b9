"""TensorBoard's event files: TFRecords of Event messages, read for their scalars.

The `tensorboard` package would read them too; it brings 90 MB (gRPC, Pillow, a server) and passes
over a file that is cut off. The format is that of tensorflow/core/lib/io/record_writer.cc and
tensorflow/core/util/event.proto.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

from harness.curves.crc32c import masked_crc32c
from harness.curves.curve import Points, step_number
from harness.curves.errors import CurveError
from harness.curves.protobuf import Malformed, bytes_of, fields, float_of, integer_of

_STEP, _SUMMARY = 2, 5  # of Event
_VALUE = 1  # of Summary
_TAG, _SIMPLE_VALUE, _TENSOR = 1, 2, 8  # of Summary.Value
_DTYPE, _CONTENT, _FLOATS, _DOUBLES = 1, 4, 5, 6  # of TensorProto
_FLOAT, _DOUBLE = 1, 2  # of DataType


def is_event_file(path: Path) -> bool:
    """Tell by its name, as TensorBoard does."""
    return "tfevents" in path.name


def parse(content: bytes, path: Path) -> dict[str, Points]:
    """Return the points of each scalar tag; a point's line is the number of its record.

    Raises:
        CurveError: if the file is cut off or damaged.
    """
    found: dict[str, Points] = {}
    for number, record in enumerate(_records(content, path), 1):
        try:
            _add_scalars(record, number, path, found)
        except (Malformed, UnicodeDecodeError):
            raise CurveError(f"{path}: record {number} is no TensorBoard event") from None
    return found


def _records(content: bytes, path: Path) -> Iterator[bytes]:
    at, number = 0, 1
    while at < len(content):
        header = content[at : at + 12]
        if len(header) < 12:  # noqa: PLR2004  # a length of 8 bytes and its checksum of 4
            raise CurveError(f"{path}: is cut off in record {number}, at byte {at}")
        length, length_crc = struct.unpack("<QI", header)
        if masked_crc32c(header[:8]) != length_crc:
            raise CurveError(
                f"{path}: record {number} is damaged, at byte {at}: its checksum differs"
            )
        end = at + 12 + length
        if len(content) < end + 4:
            raise CurveError(f"{path}: is cut off in record {number}, at byte {at}")
        record = content[at + 12 : end]
        if masked_crc32c(record) != struct.unpack("<I", content[end : end + 4])[0]:
            raise CurveError(
                f"{path}: record {number} is damaged, at byte {at}: its checksum differs"
            )
        yield record
        at, number = end + 4, number + 1


def _add_scalars(record: bytes, number: int, path: Path, found: dict[str, Points]) -> None:
    event = list(fields(record))
    steps = [integer_of(value) for key, value in event if key == _STEP]
    step = step_number(steps[-1] if steps else 0, path, number)
    for key, summary in event:
        if key != _SUMMARY:
            continue
        for inner, value in fields(bytes_of(summary)):
            if inner == _VALUE:
                tag, scalar = _tagged(bytes_of(value))
                if scalar is not None:
                    found.setdefault(tag, Points(path)).add(step, scalar, number)


def _tagged(value: bytes) -> tuple[str, float | None]:
    tag, scalar = "", None
    for key, content in fields(value):
        if key == _TAG:
            tag = bytes_of(content).decode()
        elif key == _SIMPLE_VALUE:
            scalar = float_of(content)
        elif key == _TENSOR:
            scalar = _of_tensor(bytes_of(content))
    return tag, scalar


def _of_tensor(tensor: bytes) -> float | None:
    """Return the only number of a tensor; ``None`` for what is no scalar: images, histograms."""
    found = dict(fields(tensor))
    code, size = {_FLOAT: ("<f", 4), _DOUBLE: ("<d", 8)}.get(
        integer_of(found.get(_DTYPE, 0)), ("", 0)
    )
    packed = found.get(_CONTENT) or found.get(_FLOATS if size == 4 else _DOUBLES)  # noqa: PLR2004
    if not code or not isinstance(packed, bytes) or len(packed) != size:
        return None
    number: float = struct.unpack(code, packed)[0]
    return number
