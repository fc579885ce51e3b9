"""The own reader of event files agrees with what is published about their format."""

import pytest

from harness.curves.crc32c import crc32c, masked_crc32c
from harness.curves.protobuf import Malformed, fields


@pytest.mark.parametrize(
    ("content", "checksum"),
    [
        (bytes(32), 0x8A9136AA),  # RFC 3720, appendix B.4
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
        (b"123456789", 0xE3069283),
    ],
)
def test_checksums_are_those_of_the_rfc(content: bytes, checksum: int) -> None:
    assert crc32c(content) == checksum


def test_a_masked_checksum_stays_within_32_bits() -> None:
    assert all(0 <= masked_crc32c(bytes([n])) < 2**32 for n in range(256))


def test_fields_are_read_as_protobuf_documents_them() -> None:
    assert list(fields(b"\x08\x96\x01")) == [(1, 150)]
    assert list(fields(b"\x12\x07testing")) == [(2, b"testing")]


@pytest.mark.parametrize(
    "message", [b"\x08", b"\x08\x96", b"\x12\x07test", b"\x0b", b"\x08" + b"\xff" * 11]
)
def test_what_is_no_message_is_malformed(message: bytes) -> None:
    with pytest.raises(Malformed):
        list(fields(message))
