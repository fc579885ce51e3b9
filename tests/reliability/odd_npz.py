"""NPZ files that are none, or that hold what no records are."""

import io
import struct
import warnings
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np

X, Y = np.arange(12.0).reshape(4, 3, 1), np.array([0, 1, 0, 1])
CENTRAL, LOCAL = b"PK\x01\x02", b"PK\x03\x04"


def saved(**arrays: Any) -> bytes:
    """Return what NumPy writes."""
    stream = io.BytesIO()
    np.savez_compressed(stream, **({"x": X, "y": Y} | arrays))
    return stream.getvalue()


def sound() -> bytes:
    """Return a file that can be read."""
    return saved()


def without(name: str) -> bytes:
    """Return a file that lacks an array."""
    stream = io.BytesIO()
    arrays: dict[str, Any] = {"x": X, "y": Y}
    del arrays[name]
    np.savez(stream, **arrays)
    return stream.getvalue()


def member(content: bytes, name: str = "x.npy", times: int = 1) -> bytes:
    """Return a file whose ``x`` has this content."""
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # of a name that stands twice, which is the point
        for _ in range(times):
            archive.writestr(name, content)
        archive.writestr("y.npy", npy(Y))
    return stream.getvalue()


def npy(array: Any) -> bytes:
    """Return an array as a member."""
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def header(text: str, version: bytes = b"\x01\x00", data: bytes = b"\0" * 96) -> bytes:
    """Return a member with this header."""
    length = struct.pack("<H", len(text))
    return member(b"\x93NUMPY" + version + length + text.encode() + data)


def declared(shape: str, kind: str = "<f8") -> bytes:
    """Return a member that declares a shape, and holds twelve numbers."""
    return header(f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}}}\n")


def patched(content: bytes, central: int, local: int, value: bytes) -> bytes:
    """Overwrite a field of the first member, in the archive's directory and before the member."""
    changed = bytearray(content)
    for magic, offset in ((CENTRAL, central), (LOCAL, local)):
        at = changed.index(magic) + offset
        changed[at : at + len(value)] = value
    return bytes(changed)


def garbled(content: bytes) -> bytes:
    """Overwrite the beginning of what was compressed."""
    at = content.index(b"x.npy") + 30
    return content[:at] + b"\xff" * 16 + content[at + 16 :]


NPZ: dict[str, Callable[[], bytes]] = {
    "nothing": bytes,
    "text": lambda: b"x, y\n1, 2\n",
    "noise": lambda: np.random.default_rng(0).bytes(4096),
    "the first half": lambda: saved()[: len(saved()) // 2],
    "all but the last byte": lambda: saved()[:-1],
    "one array without a name": lambda: npy(X),
    "no x": lambda: without("x"),
    "no y": lambda: without("y"),
    "validation inputs only": lambda: saved(x_validation=X),
    "encrypted": lambda: patched(saved(), 8, 6, b"\x01"),
    "an unknown compression": lambda: patched(saved(), 10, 8, b"\x63\x00"),
    "compressed data that is garbled": lambda: garbled(saved()),
    "another checksum": lambda: patched(saved(), 16, 14, b"\0\0\0\0"),
    "gigabytes in a kilobyte": lambda: patched(saved(), 24, 22, struct.pack("<I", 4_200_000_000)),
    "a shape of 10**12": lambda: declared("(1000000000000,)"),
    "a shape of 10**30": lambda: declared(f"({10**30},)"),
    "a shape of 5,000 digits": lambda: declared(f"({'9' * 5000},)"),
    "a shape that is negative": lambda: declared("(-4, 3, 1)"),
    "a shape that is a word": lambda: declared("'four'"),
    "a kind of number that is none": lambda: declared("(12,)", "<q9"),
    "a header that is no dictionary": lambda: header("[1, 2, 3]\n"),
    "a header that is no Python": lambda: header("{'descr': \n"),
    "a header that runs code": lambda: header("__import__('os').system('true')\n"),
    "a header of parentheses": lambda: header("(" * 9000 + "\n"),
    "a header that is cut off": lambda: member(b"\x93NUMPY\x01\x00\xff\xff{"),
    "a header of version 9": lambda: header("{}", version=b"\x09\x09"),
    "bytes that are no array": lambda: member(b"1, 2, 3"),
    "an empty member": lambda: member(b""),
    "a member twice": lambda: member(npy(X), times=2),
    "an array twice, once without .npy": lambda: member(npy(Y), name="y"),
    "Python objects": lambda: saved(x=np.array([[["a"]], [[None]]], dtype=object)),
    "columns with names": lambda: saved(x=np.zeros((4, 3, 1), [("a", "f8")])),
    "texts": lambda: saved(x=np.full((4, 3, 1), "one")),
    "dates": lambda: saved(x=np.zeros((4, 3, 1), "M8[s]")),
    "complex numbers": lambda: saved(x=X + 1j),
    "two dimensions": lambda: saved(x=X[:, :, 0]),
    "targets of two dimensions": lambda: saved(y=Y[:, None]),
    "more inputs than targets": lambda: saved(y=Y[:3]),
    "no records": lambda: saved(x=X[:0], y=Y[:0]),
    "a number that is none": lambda: saved(x=np.where(X == 5, np.nan, X)),
    "labels beyond int64": lambda: saved(y=np.array([0, 1, 0, 2**64 - 1], np.uint64)),
    "a class of a million": lambda: saved(y=np.array([0, 1, 0, 10**6])),
    "classes to train, values to validate": lambda: saved(x_validation=X, y_validation=Y / 2),
    "other features to validate": lambda: saved(x_validation=X[:, :2], y_validation=Y),
}
