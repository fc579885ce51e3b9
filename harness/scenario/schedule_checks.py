"""A schedule that does not fit the budget, or not its own numbers."""

from collections.abc import Iterator

from harness.scenario.training_section import Training
from harness.scenario.vocabulary import SCHEDULES

FieldMessage = tuple[str, str]
"""The field within the case, and what is wrong with it."""


def check_schedule(training: Training) -> Iterator[FieldMessage]:
    """Yield what of a schedule cannot happen within the budget, with the numbers."""
    if message := _warmup(training):
        yield "training.warmup_epochs", message
    if message := _span(training):
        yield "training.decay_epochs", message
    if training.decay == 1 and SCHEDULES[training.schedule].decays:
        yield "training.decay", "is 1: the rate would stay as it is"
    if message := _plan(training):
        yield "training.schedule_epochs", message


def _warmup(training: Training) -> str:
    warmup, epochs, name = training.warmup_epochs, training.epochs, training.schedule
    if warmup and SCHEDULES[name].rises:
        return f"{name!r} has a warm-up of its own: leave it out"
    if warmup and SCHEDULES[name].waits:
        return f"{name!r} waits for losses: leave it out"
    if warmup > epochs:
        reached = f"training ends after {epochs} epochs, at {epochs / warmup:.0%} of learning_rate"
        return f"is {warmup:g}, and {reached}: give at most {epochs}, or more epochs"
    planned = training.schedule_epochs or epochs
    if warmup and SCHEDULES[name].planned and warmup >= planned:
        of = "schedule_epochs" if training.schedule_epochs else "epochs"
        return f"is {warmup:g}, and {name!r} is over after {of} = {planned}: give fewer"
    return ""


def _span(training: Training) -> str:
    first_change = SCHEDULES[training.schedule].first_change
    least = first_change(training.decay_epochs) if first_change else 0
    if training.epochs >= least:
        return ""
    declared = f"{training.schedule!r} with decay_epochs = {training.decay_epochs}"
    late = f"changes nothing before epoch {least - 1}, and epochs = {training.epochs}"
    return f"{declared} {late}: give a smaller one, or at least {least} epochs"


def _plan(training: Training) -> str:
    planned, schedule = training.schedule_epochs, SCHEDULES[training.schedule]
    if planned is None:
        return ""
    if not schedule.planned:
        names = ", ".join(name for name, facts in SCHEDULES.items() if facts.planned)
        return f"is used by {names} only"
    if schedule.rises and planned < training.epochs:
        beyond = f"OneCycleLR takes no step beyond the {planned} epochs it is made for"
        return f"{beyond}, and epochs = {training.epochs}: give at least as many"
    return ""
