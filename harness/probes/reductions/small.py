"""A case in small: reduced to what a probe looks at, so that it costs milliseconds.

Cases that agree in this share one probe. Rates are set to where float32 resolves an update (the
declared rate is what the optimizer and schedule probes use); a user's own module keeps its data.
"""

from harness.dataset import build
from harness.scenario import Case, Converged, FromFile, Model, Training
from harness.scenario.data import Data, MeanThreshold, MeanValue, RecallFirst
from harness.scenario.vocabulary import REGRESSION_METRICS

RECORDS, BATCH, EPOCHS = 20, 8, 7
"""Three batches an epoch, the last one partial; 21 steps."""

VALIDATED = 150
"""More than the ensemble evaluates at a time, twice over."""

RATES = {"adam": 1e-2, "adamw": 1e-2, "rmsprop": 1e-3, "sgd": 0.5}
CLIP_NORM = 0.05
"""Below the first gradients of the small case, so that clipping acts."""

LONGEST_EPOCH = 64
"""Steps of an epoch whose rates are traced."""

SCALE = 2.0
"""Starting weights of the small case are this much larger than usual, to use the gates' range."""

NEVER = Converged(metric="loss", on="train", at_least=None, at_most=-1e30, hold=1)
"""No metric is that low."""


def for_steps(case: Case) -> Case:
    """Keep what enters 20 steps, and the metric; leave dropout out, whose masks are not known."""
    training = case.training
    update = {
        "learning_rate": RATES[training.optimizer],
        "batch_size": BATCH,
        "epochs": EPOCHS,
        "clip_norm": None if training.clip_norm is None else CLIP_NORM,
        "decay_epochs": min(training.decay_epochs, 2),
        "warmup_epochs": min(training.warmup_epochs, 2.0),
        "time_limit": None,
    }
    model = case.model
    if model.factory is None:
        model = _narrow(model).model_copy(update={"dropout": 0.0, "init": biases_of(model)})
    reduced = changed(case, small_data(case), model, training.model_copy(update=update))
    judged = NEVER.model_copy(update={"metric": case.converged.metric})
    return reduced.model_copy(update={"converged": judged})


def for_model(case: Case) -> Case:
    """Keep the model, dropout included, and the loss; weights large enough to use the gates."""
    model = case.model
    if model.factory is None:
        model = _narrow(model).model_copy(update={"init": "torch"})
    training = Training(
        batch_size=BATCH, dtype=case.training.dtype, class_weights=case.training.class_weights
    )
    return changed(case, small_data(case), model, training)


def for_layers(case: Case) -> Case:
    """Keep the layers at their declared widths: kernels differ by size."""
    reduced = for_model(case)
    if case.model.factory is not None:
        return reduced
    model = reduced.model.model_copy(update={"units": case.model.units, "init_scale": 1.0})
    return reduced.model_copy(update={"model": model})


def for_optimizer(case: Case) -> Case:
    """Keep how a gradient becomes an update, at the declared rate."""
    return _updating(case, "optimizer", "learning_rate", "momentum", "weight_decay", "epsilon")


def for_clipping(case: Case) -> Case:
    """Keep the clipping."""
    return _updating(case, "clip_norm")


def for_schedule(case: Case) -> Case:
    """Keep the rate and how it changes, over the declared epochs and their steps."""
    reduced = _updating(
        case, "learning_rate", "schedule", "decay", "decay_epochs", "warmup_epochs", "epochs"
    )
    training = case.training
    constant = training.schedule == "constant" and not training.warmup_epochs
    if constant or case.model.factory is not None:
        return reduced
    steps = -(-len(build(case, 0).y) // training.batch_size)
    data = reduced.data.model_copy(update={"records": BATCH * min(max(steps, 3), LONGEST_EPOCH)})
    return reduced.model_copy(update={"data": data})


def _updating(case: Case, *kept: str) -> Case:
    training = Training(batch_size=BATCH, dtype=case.training.dtype).model_copy(
        update={name: getattr(case.training, name) for name in kept}
    )
    model, data = case.model, small_data(case)
    if model.factory is None:
        model = Model(units=(4,))
        data = RecallFirst(records=RECORDS, timesteps=2, validation_records=0)
    return changed(case, data, model, training)


def for_initialisation(case: Case) -> Case:
    """Keep the initialiser; make the tensors wide enough to tell distributions apart."""
    model = case.model
    if model.factory is None:
        kept = {name: getattr(model, name) for name in ("init", "init_scale", "forget_bias")}
        model = Model(units=(32, 32)).model_copy(update=kept)
    return changed(case, small_data(case), model, Training(dtype=case.training.dtype))


def for_batches(case: Case) -> Case:
    """Keep the preprocessing, on a task whose label can be told from a record."""
    training = Training(batch_size=BATCH, shuffle=case.training.shuffle)
    data = case.data
    kept = {
        "normalize": data.normalize,
        "oversample": data.oversample,
        "jitter": 1e-3 if data.jitter_copies else 0.0,
        "jitter_copies": data.jitter_copies,
        "sort_by_label": data.sort_by_label,
    }
    if case.model.factory is not None:
        return changed(case, small_data(case), case.model, training)
    if is_regression(case):
        kept["normalize_targets"] = data.normalize_targets
        task: Data = MeanValue(records=2 * RECORDS + 4, timesteps=2, validation_records=0)
    else:
        task = RecallFirst(records=2 * RECORDS + 4, timesteps=2, validation_records=0)
    return changed(case, task.model_copy(update=kept), Model(units=(2,)), training)


def as_declared(case: Case) -> Case:
    """Keep the case itself, cut to the epochs that make 20 steps, and its records to fit."""
    size, data = case.training.batch_size, case.data
    if not isinstance(data, FromFile):
        data = data.model_copy(update={"records": min(_records(data), 20 * size)})
    steps = -(-len(build(changed(case, data, case.model, case.training), 0).y) // size)
    training = case.training.model_copy(update={"epochs": -(-20 // steps), "time_limit": None})
    return changed(case, data, case.model, training)


def as_declared_without_dropout(case: Case) -> Case:
    """Keep the case as in `as_declared`, but for the masks, which no reference knows."""
    declared = as_declared(case)
    model = declared.model.model_copy(update={"dropout": 0.0})
    if model.init == "module":  # the reference cannot draw as the framework does
        model = model.model_copy(update={"init": "torch"})
    return declared.model_copy(update={"model": model})


def is_regression(case: Case) -> bool:
    """Tell whether targets are real numbers, from the file where nothing else tells."""
    if case.regression is None and case.converged.metric == "loss":
        return build(case, 0).classes == 0
    return case.regression or case.converged.metric in REGRESSION_METRICS


def _records(data: Data) -> int:
    records: int = getattr(data, "records", None) or 0
    return records


def changed(case: Case, data: Data, model: Model, training: Training) -> Case:
    """Return the case with other parts, trained for as long as it may."""
    return case.model_copy(
        update={"data": data, "model": model, "training": training, "converged": NEVER}
    )


def _narrow(model: Model) -> Model:
    """Return the model at most two layers deep, as one `nn.LSTM` or several, as declared."""
    equal = len(set(model.units)) == 1
    units = (5, 5 if equal else 4)[: len(model.units)]
    return model.model_copy(update={"units": units, "init_scale": SCALE, "forget_bias": None})


def biases_of(model: Model) -> str:
    """Return an initialiser under which as many biases are trained."""
    return "keras" if model.one_bias else "torch"


def small_data(case: Case) -> Data:
    """Return twenty records of the case's kind, or so many of a user's own."""
    if case.model.factory is not None:
        plain = {"oversample": False, "jitter": 0.0, "jitter_copies": 0, "sort_by_label": False}
        return case.data.model_copy(update={"records": RECORDS, **plain})
    common = {
        "records": RECORDS,
        "timesteps": 3,
        "validation_records": VALIDATED,
        "distractor_scale": 1.0,
    }
    if is_regression(case):
        return MeanValue.model_validate(common)
    return MeanThreshold.model_validate({**common, "positive_rate": 0.3})
