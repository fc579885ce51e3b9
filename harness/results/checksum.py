"""What tells that a file of ours was changed or damaged since it was written."""

import hashlib
import json
from typing import Any


def checksum(content: dict[str, Any]) -> str:
    """Hash what a file says, without its own checksum; layout and line ends do not count."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def respelt(text: str, content: Any) -> bool:
    """Tell whether JSON says ``content`` in other characters than ours, layout aside.

    A flipped bit may change no value: ``1E-05`` is ``1e-05``, and the 17th digit of a number may
    round to the same one.
    """
    return "".join(text.split()) != "".join(json.dumps(content).split())
