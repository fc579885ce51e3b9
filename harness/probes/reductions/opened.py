"""A case reduced to what a probe of an opened run looks at, so that it costs milliseconds.

Cases that agree in this share one probe. Rates are set to where float32 resolves an update (the
declared rate is what the optimizer and schedule probes use); a user's own module keeps its data.
"""

from harness.dataset import build
from harness.probes.reductions.sizes import (
    BATCH,
    CLIP_NORM,
    EPOCHS,
    NEVER,
    RECORDS,
    biases_of,
    changed,
    is_regression,
    loss_of,
    narrow,
    probe_rate,
    small_data,
)
from harness.scenario import Case, Data, Mark, Model, Training
from harness.scenario.vocabulary.tasks import MeanValue, RecallFirst

SMALL_SCALE = 1e-3
"""Product of the scales of all layers' starting weights: gradients that pass them get lost in
float16, below 6e-8, and are far above that where the loss is scaled by 65536."""

SKIPPED = 16
"""Epochs of one batch: in float16 the first updates may be left out, until none overflows."""

SHAPE = ("kind", "bidirectional", "bias")
"""Which tensors there are."""

EMBEDDED = 64
"""Width of the vectors of an embedding, whose distribution is looked at."""

PROJECTED = 16
"""Width of projected outputs whose distribution is looked at."""

LONGEST_EPOCH = 64
"""Steps of an epoch whose rates are traced."""


def for_steps(case: Case) -> Case:
    """Keep what enters 20 steps, and the metric; leave dropout out, whose masks are not known."""
    training = case.training
    update = {
        "learning_rate": probe_rate(training),
        "batch_size": BATCH,
        "epochs": EPOCHS,
        "clip_norm": None if training.clip_norm is None else CLIP_NORM,
        "decay_epochs": min(training.decay_epochs, 2),
        "warmup_epochs": min(training.warmup_epochs, 2.0),
        "time_limit": None,
        "precision": None,  # which has a probe of its own
        **loss_of(case),
    }
    model = case.model
    if model.factory is None:
        model = narrow(model).model_copy(update={"dropout": 0.0, "init": biases_of(model)})
    reduced = changed(case, small_data(case), model, training.model_copy(update=update))
    judged = NEVER.model_copy(update={"metric": case.converged.metric})
    return reduced.model_copy(update={"converged": judged})


def for_model(case: Case) -> Case:
    """Keep the model, dropout included, and the loss; weights large enough to use the gates."""
    model = case.model
    if model.factory is None:
        model = narrow(model).model_copy(update={"init": "torch"})
    training = Training(batch_size=BATCH, dtype=case.training.dtype)
    training = training.model_copy(update=loss_of(case))
    return changed(case, small_data(case), model, training)


def for_layers(case: Case) -> Case:
    """Keep the layers at their declared widths: kernels differ by size."""
    reduced = for_model(case)
    if case.model.factory is not None:
        return reduced
    widths = {"units": case.model.units, "projection": case.model.projection}
    model = reduced.model.model_copy(update=widths | {"init_scale": 1.0})
    return reduced.model_copy(update={"model": model})


def for_precision(case: Case) -> Case:
    """Keep model, loss and precision: one batch, so that every step's gradient is recorded."""
    reduced = for_model(case)
    numbers = {"precision": case.training.precision, "batch_size": RECORDS, "epochs": SKIPPED}
    model = reduced.model
    if model.factory is None:
        model = model.model_copy(update={"dropout": 0.0})
    training = reduced.training.model_copy(update=numbers)
    return reduced.model_copy(update={"model": model, "training": training})


def for_loss_scaling(case: Case) -> Case:
    """Keep what `for_precision` does, with weights so small that gradients leave float16."""
    reduced = for_precision(case)
    if case.model.factory is not None:
        return reduced
    factors = len(reduced.model.units) * (2 if reduced.model.projection else 1)
    small = {"init_scale": SMALL_SCALE ** (1 / factors), "init": biases_of(case.model)}
    return reduced.model_copy(update={"model": reduced.model.model_copy(update=small)})


def for_optimizer(case: Case) -> Case:
    """Keep how a gradient becomes an update, at the declared rate."""
    return _updating(case, *Training.marked(Mark.UPDATE))


def for_formula(case: Case) -> Case:
    """Keep how a gradient becomes an update, at the declared rate; no model is looked at."""
    return for_optimizer(case.model_copy(update={"model": Model(units=(4,))}))


def for_clipping(case: Case) -> Case:
    """Keep the clipping."""
    return _updating(case, "clip_norm")


def for_schedule(case: Case) -> Case:
    """Keep the rate and how it changes, over the declared epochs and their steps."""
    reduced = _updating(case, *Training.marked(Mark.SCHEDULE), "learning_rate", "epochs")
    training = case.training
    if training.constant_rate or case.model.factory is not None:
        return reduced
    steps = -(-len(build(case, 0).y) // training.batch_size)
    data = reduced.data.model_copy(update={"records": BATCH * min(max(steps, 3), LONGEST_EPOCH)})
    return reduced.model_copy(update={"data": data})


def _updating(case: Case, *kept: str) -> Case:
    training = Training(batch_size=BATCH, dtype=case.training.dtype).model_copy(
        update={name: getattr(case.training, name) for name in kept}
    )
    model, data = case.model, small_data(case)
    if model.factory is not None:  # its loss may be the only one that fits its outputs
        training = training.model_copy(update=loss_of(case))
    else:
        model = Model(units=(4,))
        data = RecallFirst(records=RECORDS, timesteps=2, validation_records=0)
    return changed(case, data, model, training)


def for_initialisation(case: Case) -> Case:
    """Keep the initialiser; make the tensors wide enough to tell distributions apart."""
    model = case.model
    if model.factory is None:
        kept = {name: getattr(model, name) for name in (*Model.marked(Mark.START), *SHAPE)}
        kept["projection"] = min(model.projection, PROJECTED)
        kept["embedding"] = model.embedding and EMBEDDED
        model = Model(units=(32, 32)).model_copy(update=kept)
    training = Training(dtype=case.training.dtype).model_copy(update=loss_of(case))
    return changed(case, small_data(case), model, training)


def for_batches(case: Case) -> Case:
    """Keep the preprocessing, on a task whose label can be told from a record."""
    training = Training(batch_size=BATCH, shuffle=case.training.shuffle)
    data = case.data
    kept = {name: getattr(data, name) for name in Data.marked(Mark.PREPARATION)}
    kept["jitter"] = 1e-3 if data.jitter_copies else 0.0
    if case.model.factory is not None:
        training = training.model_copy(update=loss_of(case))
        return changed(case, small_data(case), case.model, training)
    if is_regression(case):
        task: Data = MeanValue(records=2 * RECORDS + 4, timesteps=2, validation_records=0)
    else:
        task = RecallFirst(records=2 * RECORDS + 4, timesteps=2, validation_records=0)
    return changed(case, task.model_copy(update=kept), Model(units=(2,)), training)
