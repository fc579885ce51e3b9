"""What is batched: seeds of cases, their data and starting weights made ready."""

from dataclasses import dataclass

import numpy as np

from harness.backends.torch.device import quiet_torch
from harness.backends.torch.network import Network
from harness.dataset import Dataset
from harness.dataset import build as build_dataset
from harness.initial import Weights, draw
from harness.scenario import Case


@dataclass(frozen=True)
class PreparedSeed:
    """One seed of a case, ready to train: its data and its starting weights."""

    case: Case
    seed: int
    data: Dataset
    weights: Weights

    @classmethod
    def prepare(cls, case: Case, seed: int) -> "PreparedSeed":
        """Make data and starting weights from the seed.

        Raises:
            DataFileError: if the case's data file cannot be used.
        """
        data = build_dataset(case, seed)
        declared = case.model
        if declared.initialiser.by_framework:
            weights = _module_weights(case, data.features, data.outputs, seed)
        else:
            weights = draw(declared, data.features, data.outputs, seed)
        return cls(case, seed, data, weights)

    @property
    def kind(self) -> tuple[object, ...]:
        """What jobs must share to be trained as one model; all other numbers may differ."""
        case, data = self.case, self.data
        sections = (case.model, case.training, case.converged)
        return (
            *(repr(section.operations()) for section in sections),
            (data.x.shape, data.x_validation.shape),
            (data.class_weights is None, data.classes, data.each_step, data.width),
            (data.features, data.padded, case.training.reset_every),
        )


def _module_weights(case: Case, features: int, outputs: int, seed: int) -> Weights:
    """Draw PyTorch's own start, exactly as the reference backend does."""
    with quiet_torch(seed):
        network = Network(case.model, features, outputs)  # its head is the same at each step
    return {
        f"{layer}.{name}": parameter.detach().numpy().astype(np.float64)
        for layer, parameters in network.named_layers().items()
        for name, parameter in parameters.items()
    }
