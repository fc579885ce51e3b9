"""The ensemble's optimizer alone, against its formula."""

import numpy as np
import torch

from harness.backends.ensemble.optimizer import OPTIMIZERS
from harness.probes.opened.optimizer import LOOKS, Kept, compared, rate_at
from harness.probes.toolkit.check import Array
from harness.probes.toolkit.subject import Subject
from harness.results.probe import Probe

Arrays = dict[str, Array]


def optimizer(subject: Subject) -> Probe:
    """Compare 300 updates of given gradients with the formula."""
    return compared(subject, _by_ensemble)


def _by_ensemble(subject: Subject, start: Arrays, gradients: Arrays) -> Kept:
    """Update one seed whose parameters are all tensors' one after another."""
    training, kept = subject.case.training, {}
    row = np.concatenate([values.ravel() for values in start.values()])
    weights = torch.from_numpy(row)[None].to(subject.device)
    steps = np.concatenate([g.reshape(len(g), -1) for g in gradients.values()], axis=1)
    ends = np.cumsum([values.size for values in start.values()])[:-1]
    updater = OPTIMIZERS[training.optimizer]([training], weights)
    for step, values in enumerate(steps):
        rate = weights.new_full((1, 1), rate_at(training, step))
        updater.step(weights, torch.from_numpy(values)[None].to(subject.device), rate)
        if step + 1 in LOOKS:
            parts = zip(start.items(), np.split(weights[0].cpu().numpy().copy(), ends), strict=True)
            kept[step + 1] = {name: part.reshape(old.shape) for (name, old), part in parts}
    return kept
