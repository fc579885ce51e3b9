"""The ensemble's hand-written gradient, masks included, against differences of its loss."""

import numpy as np
import torch
from torch import Tensor

from harness.probes.ensemble.run import SEEDS, open_run
from harness.probes.toolkit.check import conclude, skipped
from harness.probes.toolkit.finite_difference import CHAOTIC, LEAST_SIZE, Compared, compare_slope
from harness.probes.toolkit.subject import Subject
from harness.results.probe import Probe


def gradient(subject: Subject) -> Probe:
    """Compare along random directions, one for each layer and seed, with the same masks."""
    with open_run(subject) as run:
        (x, y), *_ = run.records.split(subject.case.training.batch_size)
        drawn = run.dropout.masks(len(x), x.shape[3]) if run.dropout else []
        network, start = run.network, run.network.parameters.clone()
        ones = {name: np.ones_like(values) for name, values in run.jobs[0].weights.items()}
        packed = torch.from_numpy(network.pack(ones, run.model)).to(start)  # 0: no weight is there
        outputs = network.forward(x, drawn)
        network.backward(x, run.loss.gradient(outputs, y), drawn)
        slopes = network.gradients.clone()

        def compare(layer: str, columns: slice, seed: int) -> Compared:
            direction = _direction(packed, columns)
            slope, weights = slopes[seed, columns], start[seed, columns]

            def loss_at(step: float) -> float:
                network.parameters.copy_(start)
                network.parameters[seed] += step * direction
                losses = run.loss.value(network.forward(x, drawn), y)
                return float(losses[seed])

            return compare_slope(
                f"{layer} of seed {seed}",
                slope=float((slope * direction[columns]).sum()),
                typical=float(slope.norm()) / slope.numel() ** 0.5,
                size=max(float(weights.norm()), LEAST_SIZE * slope.numel() ** 0.5),
                loss_at=loss_at,
                roundoff=subject.roundoff,
            )

        compared = [
            compare(layer, columns, seed)
            for layer, columns in network.slices.items()
            for seed in range(len(SEEDS))
        ]
    checks = [each.check for each in compared if each.decided]
    if not checks:
        return skipped("gradient", CHAOTIC)
    return conclude("gradient", "gradients against finite differences", checks)


def _direction(packed: Tensor, columns: slice) -> Tensor:
    """Return a random direction of unit length along the weights of one layer."""
    direction = torch.zeros_like(packed)
    generator = torch.Generator(packed.device).manual_seed(0)
    direction[columns].normal_(generator=generator).mul_(packed[columns])
    unit: Tensor = direction / direction.norm()
    return unit
