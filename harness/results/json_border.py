"""Values as JSON, and the wire between processes, can hold them."""

import math
from enum import Enum
from typing import Any


def plain(value: Any) -> Any:
    """Return dictionaries, lists, texts and finite numbers; ``None`` for what is not finite."""
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float):  # NumPy's too
        return float(value) if math.isfinite(value) else None
    return value
