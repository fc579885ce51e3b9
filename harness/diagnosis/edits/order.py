"""Records in a new order each epoch."""
# ruff: noqa: PLC0415 - torch and Keras are imported when they are needed

from collections.abc import Callable
from typing import Any

from harness.diagnosis.edits.edit import Edit

SHUFFLE, SAMPLERS = 1, slice(2, 4)
"""Places of these among the arguments of a data loader that follow its data set."""


class Shuffled(Edit):
    """For records that are sorted."""

    name = "shuffling the records"

    def in_torch(self) -> None:
        """Shuffle in data loaders that were given no sampler of their own."""
        import torch

        self.patches.replace(torch.utils.data.DataLoader, "__init__", self._loader)

    def _loader(self, original: Callable[..., None]) -> Callable[..., None]:
        from torch.utils.data import IterableDataset

        def init(made: Any, dataset: Any, *args: Any, **kwargs: Any) -> None:
            samplers = (*args[SAMPLERS], kwargs.get("sampler"), kwargs.get("batch_sampler"))
            if not any(samplers) and not isinstance(dataset, IterableDataset):
                self.acted = True
                if len(args) > SHUFFLE:
                    args = (*args[:SHUFFLE], True, *args[SHUFFLE + 1 :])
                else:
                    kwargs["shuffle"] = True
            original(made, dataset, *args, **kwargs)

        return init

    def in_keras(self) -> None:
        """Shuffle arrays that are fitted."""
        import numpy as np

        def shuffle(model: Any, given: dict[str, Any]) -> None:
            del model
            if isinstance(given.get("x"), np.ndarray):  # a data set has an order of its own
                given["shuffle"], self.acted = True, True

        self.before_fit(shuffle)
