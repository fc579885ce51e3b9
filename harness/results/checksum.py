"""What tells that a file of ours was changed or damaged since it was written."""

import hashlib
import json
from typing import Any


def checksum(content: dict[str, Any]) -> str:
    """Hash what a file says, without its own checksum; layout and line ends do not count."""
    return checksum_of_text(canonical(content))


def canonical(content: dict[str, Any], *, allow_nan: bool = True) -> str:
    """Return the one text of a record: records that say the same have the same."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=allow_nan)


def checksum_of_text(text: str) -> str:
    """Hash a `canonical` text, for who has it at hand."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def respelt(text: str, content: Any) -> bool:
    """Tell whether JSON says ``content`` in other characters than ours, layout aside.

    A flipped bit may change no value: ``1E-05`` is ``1e-05``, and the 17th digit of a number may
    round to the same one.
    """
    return "".join(text.split()) != "".join(json.dumps(content).split())
