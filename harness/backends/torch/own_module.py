"""A user's own module: its factory, and what importing it made of the process' global state."""

import importlib
import sys
from collections.abc import Callable
from types import ModuleType
from weakref import WeakKeyDictionary

from torch import nn

from harness.backends.isolation import PYTHON, Values, put, values
from harness.backends.torch.state import SETTINGS

_KEPT = tuple(setting for setting in (*SETTINGS, *PYTHON) if setting.name != "threads")
_SET_BY_IMPORT: WeakKeyDictionary[ModuleType, Values] = WeakKeyDictionary()


def factory_of(name: str) -> Callable[..., nn.Module]:
    """Return the factory ``"package.module:Name"``.

    A module is imported once in a process, but what it set then is set for each of its seeds: the
    second trains like the first, and like the one that another worker trains first.

    Raises:
        ImportError, AttributeError: if there is none.
    """
    module, _, attribute = name.partition(":")
    if module not in sys.modules:
        before = values(_KEPT)
        imported = importlib.import_module(module)
        after = values(_KEPT)
        changed = {key: value for key, value in after.items() if value != before[key]}
        _SET_BY_IMPORT[imported] = changed
    found = sys.modules[module]
    put(_KEPT, _SET_BY_IMPORT.get(found, {}))
    factory: Callable[..., nn.Module] = getattr(found, attribute)
    return factory
