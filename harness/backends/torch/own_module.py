"""A user's own module: its factory, and what importing it made of the process' global state."""

import sys
from collections.abc import Callable
from types import ModuleType
from weakref import WeakKeyDictionary

from torch import nn

from harness.backends.isolation import PYTHON, Values, put, values
from harness.backends.torch.state import SETTINGS
from harness.user_code import HANDED_OVER, module_of, named

_KEPT = tuple(setting for setting in (*SETTINGS, *PYTHON) if setting.name != "threads")
_SET_BY_IMPORT: WeakKeyDictionary[ModuleType, Values] = WeakKeyDictionary()


def factory_of(name: str) -> Callable[..., nn.Module]:
    """Return the factory ``"package.module:Name"``.

    A module is imported once in a process, but what it set then is set for each of its seeds: the
    second trains like the first, and like the one that another worker trains first.

    Raises:
        UserCodeError: if there is none.
    """
    if name.startswith(f"{HANDED_OVER}:"):
        found_here: Callable[..., nn.Module] = named(name)
        return found_here
    loaded, before = sys.modules.get(name.partition(":")[0]), values(_KEPT)
    found = module_of(name)
    if found is not loaded:
        after = values(_KEPT)
        _SET_BY_IMPORT[found] = {key: value for key, value in after.items() if value != before[key]}
    put(_KEPT, _SET_BY_IMPORT.get(found, {}))
    factory: Callable[..., nn.Module] = named(name)
    return factory
