"""The learning rate of every step, from the declaration; written apart from `harness.scenario`."""

import math

from harness.scenario import Training


def learning_rate(training: Training, step: int, steps_per_epoch: int) -> float:
    """Return the learning rate of optimisation step ``step``, counted from 0."""
    epoch = step / steps_per_epoch
    rate = training.learning_rate
    if training.schedule == "step":
        rate *= training.decay ** math.floor(epoch / training.decay_epochs)
    elif training.schedule == "exponential":
        rate *= math.exp(math.log(training.decay) * epoch / training.decay_epochs)
    elif training.schedule == "cosine":
        swing = math.cos(math.pi / 2 * min(1.0, epoch / training.epochs)) ** 2
        rate *= training.decay + (1 - training.decay) * swing
    rising = round(training.warmup_epochs * steps_per_epoch)
    return rate * (step + 1) / rising if step + 1 < rising else rate
