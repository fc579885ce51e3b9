"""Values as JSON, and the wire between processes, can hold them."""

import math
from enum import Enum
from typing import Any

_ALREADY = frozenset({str, int, bool, type(None)})


def plain(value: Any) -> Any:
    """Return dictionaries, lists, texts and finite numbers; ``None`` for what is not finite."""
    if isinstance(value, dict):
        return {
            key if type(key) is str else plain(key): (
                item if type(item) in _ALREADY else plain(item)
            )
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return list(value) if _finite(value) else [plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float):  # NumPy's too
        return float(value) if math.isfinite(value) else None
    return value


def _finite(values: list[Any] | tuple[Any, ...]) -> bool:
    """Tell quickly whether all are finite numbers of Python's: a report has millions of them."""
    try:
        total = sum(values)
    except TypeError:  # texts, arrays, what is not known
        return False
    return type(total) in (int, float) and math.isfinite(total)
