"""What a declared learning-rate schedule means, as numbers."""

from harness.scenario.training_section import Training
from harness.scenario.vocabulary import SCHEDULES
from harness.scenario.vocabulary.schedules import Course, Plateau


def rate_factor(training: Training, step: int, steps_per_epoch: int) -> float:
    """Return what the learning rate is multiplied by at optimisation step ``step`` (from 0).

    Warm-up is linear and per step: the first step of n gets 1/n, the last 1 (Goyal et al. 2017,
    arXiv:1706.02677, section 2.2). Decay counts epochs, warm-up included: `step` and `exponential`
    multiply by ``decay`` every ``decay_epochs`` (at once, or smoothly step by step), `cosine` and
    `linear` fall to ``decay`` at the end of the budget, `cosine_restarts` in every
    ``decay_epochs``; `one_cycle` rises for 30 % of the budget and falls to nothing. What `plateau`
    multiplies by depends on losses: see `plateau_of`.
    """
    warmup_steps = round(training.warmup_epochs * steps_per_epoch)
    warmup = min(1.0, (step + 1) / warmup_steps) if warmup_steps else 1.0
    epochs = training.schedule_epochs or training.epochs
    course = Course(step, steps_per_epoch, epochs, training.decay, training.decay_epochs)
    return warmup * SCHEDULES[training.schedule].factor(course)


def plateau_of(training: Training) -> Plateau | None:
    """Return what waits for losses that do not improve, at its start; ``None`` if nothing does."""
    if not SCHEDULES[training.schedule].waits:
        return None
    return Plateau(training.decay, training.decay_epochs)
