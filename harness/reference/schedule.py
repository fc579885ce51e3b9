"""The learning rate of every step, from the declaration; written apart from `harness.scenario`."""

import math

from harness.scenario import Training


def learning_rate(training: Training, step: int, steps_per_epoch: int) -> float:
    """Return the learning rate of optimisation step ``step``, counted from 0."""
    epoch = step / steps_per_epoch
    planned = training.schedule_epochs or training.epochs
    rate = training.learning_rate
    if training.schedule == "step":
        rate *= training.decay ** math.floor(epoch / training.decay_epochs)
    elif training.schedule == "exponential":
        rate *= math.exp(math.log(training.decay) * epoch / training.decay_epochs)
    elif training.schedule == "cosine":
        swing = math.cos(math.pi / 2 * min(1.0, epoch / planned)) ** 2
        rate *= training.decay + (1 - training.decay) * swing
    elif training.schedule == "cosine_restarts":
        within = math.fmod(epoch, training.decay_epochs) / training.decay_epochs
        rate *= training.decay + (1 - training.decay) * math.cos(math.pi / 2 * within) ** 2
    elif training.schedule == "linear":
        left = max(0.0, 1 - epoch / planned)
        rate *= training.decay * (1 - left) + left
    elif training.schedule == "one_cycle":
        rate *= _one_cycle(step + 1, planned * steps_per_epoch)
    rising = round(training.warmup_epochs * steps_per_epoch)
    return rate * (step + 1) / rising if step + 1 < rising else rate


def _one_cycle(number: int, steps: int) -> float:
    """Return the share of the peak at a step counted from 1 (Smith & Topin 2018, arXiv:1708.07120).

    As PyTorch's: from a 25th up over 30 % of the steps, down to a 10,000th of the start.
    """
    peak = 0.3 * steps
    if number <= peak:
        return 1 - 0.96 * math.cos(math.pi / 2 * (number - 1) / (peak - 1)) ** 2
    down = min(1.0, (number - peak) / (steps - peak))
    return 4e-6 + (1 - 4e-6) * math.cos(math.pi / 2 * down) ** 2


class Patience:
    """What a plateau makes of the rate: less, each time that the loss is no better for so long."""

    def __init__(self, training: Training) -> None:
        self.training, self.losses, self.since = training, [math.inf], 0
        self.share = 1.0

    def after(self, loss: float) -> None:
        """Look at the loss after an epoch: better is by a ten-thousandth."""
        better = loss / min(self.losses) < 1 - 1e-4 if self.losses[-1] < math.inf else True
        if better:
            self.losses.append(loss)
        self.since = 0 if better else self.since + 1
        if self.since == self.training.decay_epochs + 1:
            self.share *= self.training.decay
            self.since = 0
