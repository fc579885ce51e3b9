"""What a declared learning-rate schedule means, as numbers."""

from harness.scenario.sections import Training
from harness.scenario.vocabulary import SCHEDULES


def rate_factor(training: Training, step: int, steps_per_epoch: int) -> float:
    """Return what the learning rate is multiplied by at optimisation step ``step`` (from 0).

    Warm-up is linear and per step: the first step of n gets 1/n, the last 1 (Goyal et al. 2017,
    arXiv:1706.02677, section 2.2). Decay counts epochs, warm-up included: `step` and `exponential`
    multiply by ``decay`` every ``decay_epochs`` (at once, or smoothly step by step), `cosine`
    falls to ``decay`` at the end of the budget.
    """
    warmup_steps = round(training.warmup_epochs * steps_per_epoch)
    warmup = min(1.0, (step + 1) / warmup_steps) if warmup_steps else 1.0
    spans = step / (steps_per_epoch * training.decay_epochs)
    progress = min(1.0, step / (steps_per_epoch * training.epochs))
    return warmup * SCHEDULES[training.schedule].factor(training.decay, spans, progress)
