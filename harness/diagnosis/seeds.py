"""Other seeds than a script's own, without a change of its text: runs that differ by chance."""

import random
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from harness.diagnosis.watch.patches import Patches

APART = 1_000_003
"""Distance between the seeds of two runs: a script that counts seeds up meets none twice."""

LARGEST = 2**32
"""NumPy takes no larger seed."""


class Seeds:
    """Adds to each whole number that a script seeds a generator with.

    Args:
        run: number of the run; 0 leaves seeds as they are written.
        patches: what is replaced, and put back.
    """

    def __init__(self, run: int, patches: Patches) -> None:
        self.added = run * APART
        self.patches = patches
        if run:
            self._replace(random, "seed")
            self._replace(np.random, "seed", "default_rng")

    def imported(self, framework: str) -> None:
        """Look after the generators of a framework that the script has imported."""
        if not self.added:
            return
        module = sys.modules[framework]
        if framework == "torch":
            module.manual_seed(module.initial_seed() + self.added)  # one that is always the same
        for name, seeded in SEEDING[framework]:
            if name in sys.modules:
                self._replace(sys.modules[name], *seeded)

    def _replace(self, owner: Any, *names: str) -> None:
        for name in names:
            self.patches.replace(owner, name, self._seeding)

    def _seeding(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def seeded(*args: Any, **kwargs: Any) -> Any:
            if args:
                args = (self._other(args[0]), *args[1:])
            for name in SEED.intersection(kwargs):
                kwargs[name] = self._other(kwargs[name])
            return original(*args, **kwargs)

        return seeded

    def _other(self, seed: Any) -> Any:
        if isinstance(seed, (list, tuple)) and seed:
            return [self._other(seed[0]), *seed[1:]]
        if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)):
            return seed
        return (int(seed) + self.added) % LARGEST


SEED = frozenset({"seed", "a"})
"""Names of the argument."""

SEEDING = {
    "torch": (("torch", ("manual_seed",)), ("torch.random", ("manual_seed",))),
    "keras": (
        ("keras.utils", ("set_random_seed",)),
        ("jax.random", ("PRNGKey", "key")),
        ("tensorflow.random", ("set_seed",)),
    ),
}
"""Functions that take a seed, by the framework that brings their module."""
