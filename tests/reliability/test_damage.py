"""Damage to a report or a baseline is refused, wherever it strikes."""

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.baseline import BaselineError, load, path_of, record, save
from harness.report import ReportError, read
from harness.report.results import encode
from tests.baseline.canned import ENVIRONMENT, outcome, times
from tests.reliability.conftest import Figure

FLIPS, DIGITS = 1600, 100


def flips(content: bytes) -> list[bytes]:
    """Return copies with one bit flipped, at places drawn once and for all."""
    draw = random.Random(0)  # noqa: S311  # places to try, no secret
    return [_flipped(content, draw.randrange(8 * len(content))) for _ in range(FLIPS)]


def _flipped(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def digits(content: bytes) -> list[bytes]:
    """Return copies with one digit changed to the next one."""
    places = [found.start() for found in re.finditer(rb"[0-9]", content)]
    chosen = random.Random(1).sample(places, DIGITS)  # noqa: S311  # as above
    return [
        content[:at] + str((int(content[at : at + 1]) + 1) % 10).encode() + content[at + 1 :]
        for at in chosen
    ]


def refused(path: Path, copies: list[bytes], reading: Callable[[Path], object]) -> int:
    """Count the copies that are refused, each with one line that names the file."""
    count = 0
    for copy in copies:
        path.write_bytes(copy)
        said = _said(path, reading)
        count += str(path) in said and "\n" not in said
    return count


def _said(path: Path, reading: Callable[[Path], object]) -> str:
    try:
        reading(path)
    except (ReportError, BaselineError) as error:
        return str(error)
    return ""


@pytest.mark.parametrize(("kind", "made"), [("flipped bits", flips), ("changed digits", digits)])
def test_no_damaged_results_are_believed(
    tmp_path: Path, figure: Figure, kind: str, made: Callable[[bytes], list[bytes]]
) -> None:
    path = tmp_path / "results.json"
    content = encode(ENVIRONMENT, [outcome(times(2), note="é ü \x1b[31m", rounding=(1e-5,))])
    path.write_text(content, encoding="utf-8")
    assert read(path)
    copies = made(path.read_bytes())
    count = refused(path, copies, read)
    figure(f"{kind} in results.json", f"{count} of {len(copies)} refused")
    assert count == len(copies)


def test_no_changed_digit_of_a_baseline_is_believed(tmp_path: Path, figure: Figure) -> None:
    path = path_of(tmp_path / "rate.toml", "eager", "cpu")
    save(path, record([outcome(times())], "first", ENVIRONMENT))
    copies = digits(path.read_bytes())
    count = refused(path, copies, load)
    figure("changed digits in a baseline", f"{count} of {len(copies)} refused")
    assert count == len(copies)
