"""A case reduced for a backend that only trains: its histories are all that a probe reads."""

from harness.dataset import build
from harness.history import FIRST_STEPS
from harness.probes.reductions.opened import for_model, for_optimizer, for_steps
from harness.probes.reductions.sizes import (
    BATCH,
    CLIP_NORM,
    EPOCHS,
    RECORDS,
    biases_of,
    changed,
    loss_of_several,
    probe_rate,
    small_data,
    small_gradient_rate,
)
from harness.scenario import Case, Mark, Model, Training

LARGEST_BATCH = 64
"""Records, of which kernels may treat some number at a time."""

LONGEST = 40
"""Timesteps: how a layer is computed may depend on them, and so may where its gradient stops."""

CALM = 0.1
"""Of the small case's rate: what is unbounded, such as linear cells, stays finite over 40 steps."""

SMALL_SCALE = 1e-2

STEADY_RATE, SCHEDULED_EPOCHS = 1e-2, 100
"""At this rate gradients hardly change: an update is as long as its rate is high."""

NEGLIGIBLE_RATE = 1e-30
"""A rate has to be positive; an update at this one is lost in the weight's rounding."""

LARGEST_DROPOUT = 0.9
"""Of 100 values, masks above would now and then drop all, and so repeat by chance."""


def for_widths(case: Case) -> Case:
    """Keep widths, the sequences' length and the batch, as far as they are short, for two steps."""
    reduced = for_steps(case)
    if case.model.factory is not None:
        return reduced
    widths = {"units": case.model.units, "projection": case.model.projection}
    model = reduced.model.model_copy(update=widths | {"init_scale": 1.0})
    rate = CALM * reduced.training.learning_rate
    size = min(max(case.training.batch_size, RECORDS), LARGEST_BATCH)
    numbers = {"epochs": 2, "batch_size": size, "learning_rate": rate}
    training = reduced.training.model_copy(update=numbers)
    timesteps = min(timesteps_of(case), LONGEST)
    data = reduced.data.model_copy(update={"timesteps": timesteps, "records": size})
    return changed(case, data, model, training)


def timesteps_of(case: Case) -> int:
    """Return how long sequences are; a file tells where the declaration does not."""
    declared: int | None = getattr(case.data, "timesteps", None)
    return declared or int(build(case, 0).x.shape[1])


def for_small_gradients(case: Case) -> Case:
    """Keep how a gradient becomes an update, for gradients about as small as epsilon."""
    reduced = for_steps(case)
    if case.model.factory is not None:
        return reduced
    kept = {*Training.marked(Mark.UPDATE)} - {"learning_rate"}
    model = Model(units=(5, 5), init=reduced.model.init, init_scale=SMALL_SCALE)
    training = Training(
        batch_size=BATCH,
        dtype=case.training.dtype,
        epochs=EPOCHS,
        learning_rate=small_gradient_rate(case.training),
    )
    update = {name: getattr(case.training, name) for name in kept}
    update |= loss_of_several(case)
    return changed(case, reduced.data, model, training.model_copy(update=update))


def for_seed_independence(case: Case) -> Case:
    """Keep how a gradient becomes an update, and the dropout."""
    reduced = for_optimizer(case)
    numbers = {
        "learning_rate": probe_rate(case.training),
        "clip_norm": None if case.training.clip_norm is None else CLIP_NORM,
        "epochs": 1,
    }
    dropout = min(case.model.dropout, LARGEST_DROPOUT)
    model = Model(units=(4, 4)).model_copy(update={"dropout": dropout})
    training = reduced.training.model_copy(update=numbers)
    return reduced.model_copy(update={"training": training, "model": model})


def for_whole_schedule(case: Case) -> Case:
    """Keep how the rate changes over the declared epochs, one step an epoch."""
    kept = Training.marked(Mark.SCHEDULE)
    update: dict[str, object] = {name: getattr(case.training, name) for name in kept}
    constant = case.training.constant_rate
    update["epochs"] = 2 if constant else min(case.training.epochs, SCHEDULED_EPOCHS)
    training = Training(
        optimizer="sgd", learning_rate=STEADY_RATE, batch_size=RECORDS, dtype=case.training.dtype
    ).model_copy(update=update | loss_of_several(case))
    model = case.model if case.model.factory is not None else Model(units=(4,))
    return changed(case, small_data(case), model, training)


def for_zero_learning_rate(case: Case) -> Case:
    """Keep the model, dropout included; every step sees all records and moves no weight."""
    reduced = for_model(case)
    training = reduced.training.model_copy(
        update={
            "optimizer": "sgd",
            "learning_rate": NEGLIGIBLE_RATE,
            "batch_size": RECORDS,
            "epochs": FIRST_STEPS,
            "shuffle": False,
        }
    )
    model = reduced.model
    if model.factory is None:
        dropout = min(model.dropout, LARGEST_DROPOUT)
        model = model.model_copy(update={"init": biases_of(case.model), "dropout": dropout})
    return reduced.model_copy(update={"training": training, "model": model})
