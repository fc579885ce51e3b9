"""One array of an NPZ file, refused by what it declares before anything is unpacked."""

import math
import tokenize
import zlib
from collections.abc import Callable
from typing import IO, Any
from zipfile import BadZipFile, ZipFile, ZipInfo

import numpy as np

from harness.dataset.padding import Array
from harness.dataset.records import DataFileError
from harness.scenario.data_digest import MOST_BYTES

Header = tuple[tuple[int, ...], bool, np.dtype[Any]]

_ENCRYPTED = 0x1
_HEADERS: dict[tuple[int, int], Callable[[IO[bytes]], Header]] = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}
"""Version 3 differs by the names of columns, which records have not."""

_MALFORMED = (
    *(ValueError, SyntaxError, tokenize.TokenError, KeyError, TypeError),
    *(RecursionError, MemoryError, OverflowError),
)
"""What NumPy raises on a header that is none; it parses the text as Python does."""


def members_of(archive: ZipFile) -> dict[str, ZipInfo]:
    """Return the members by the name of their array, as NumPy calls them.

    Raises:
        DataFileError: if one stands twice: which of them counts depends on the reader.
    """
    members: dict[str, ZipInfo] = {}
    for info in archive.infolist():
        name = info.filename.removesuffix(".npy")
        if name in members:
            raise DataFileError(f"holds {name!r} twice: write the file anew with numpy.savez")
        members[name] = info
    return members


def read_member(archive: ZipFile, info: ZipInfo) -> Array:
    """Read one ``.npy`` member.

    Raises:
        DataFileError: if it is encrypted, of an unknown compression, larger than `MOST_BYTES`,
            malformed, or holds Python objects.
    """
    name = info.filename
    if info.flag_bits & _ENCRYPTED:
        raise DataFileError(f"{name} is encrypted: write it without a password")
    if info.file_size > MOST_BYTES:
        raise DataFileError(
            f"{name} unfolds to {_gigabytes(info.file_size)}, at most {_gigabytes(MOST_BYTES)} "
            "can be read"
        )
    try:
        with archive.open(info) as member:
            _check_header(name, member, info.file_size)
        with archive.open(info) as member:
            array: Array = np.lib.format.read_array(member, allow_pickle=False)
    except NotImplementedError:
        message = f"{name} has compression {info.compress_type}, which is unknown"
        raise DataFileError(f"{message}: write it with numpy.savez_compressed") from None
    except zlib.error:
        raise DataFileError(f"{name} is damaged: it cannot be unpacked") from None
    except (BadZipFile, EOFError, ValueError) as error:
        raise DataFileError(f"{name} is damaged: {error}") from None
    return array


def _check_header(name: str, member: IO[bytes], size: int) -> None:
    """Hold what a header declares against what there is."""
    try:
        version = np.lib.format.read_magic(member)
    except ValueError:
        raise DataFileError(f"{name} is no array: write the file with numpy.savez") from None
    if version not in _HEADERS:
        raise DataFileError(f"{name} has version {version} of the NPY format, not 1.0 or 2.0")
    try:
        shape, _, dtype = _HEADERS[version](member)
    except _MALFORMED as error:
        first = (str(error) or type(error).__name__).splitlines()[0]
        raise DataFileError(f"{name} has a broken header: {first[:80]}") from None
    if dtype.hasobject:
        raise DataFileError(
            f"{name} holds Python objects, which could run code: save it as numbers"
        )
    declared, there = math.prod(shape) * dtype.itemsize, size - member.tell()
    if min(shape, default=0) < 0 or declared != there:
        raise DataFileError(
            f"{name} declares shape {list(shape)}, which takes {declared} bytes, but holds {there}"
        )


def _gigabytes(size: int) -> str:
    return f"{size / 2**30:.3g} GiB"
