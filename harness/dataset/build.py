"""A case and a seed -> the arrays that every backend trains on, preprocessed as declared."""

import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.dataset.factory import made
from harness.dataset.files import check_file, read_for
from harness.dataset.labels import as_labels
from harness.dataset.loss_fit import misfit
from harness.dataset.padding import present
from harness.dataset.preprocessing import (
    add_noisy_copies,
    balanced_weights,
    center_and_spread,
    oversample,
)
from harness.dataset.records import DataFileError
from harness.dataset.tasks import draw
from harness.scenario import Case, FromFactory, FromFile, FromSeries, Task, Training
from harness.scenario.data import Data, Floats

Array = NDArray[Any]
Split = tuple[Floats, Array, Floats, Array]

DATA_STREAM = 0
"""First stream of a seed's numbers."""


@dataclass(frozen=True)
class Dataset:
    """Preprocessed records, float64; targets are int64 classes or float64 values.

    Attributes:
        x: `[records, timesteps, features]`; NaN beyond a record's end.
        y: `[records]`, or `[records, timesteps]` with a target at each step: see `padding`. Several
            values or labels of a target are a further axis.
        x_validation: `[validation_records, timesteps, features]`.
        y_validation: as `y`.
        classes: how many; 0 for regression.
        class_weights: `[classes]` weights in the loss, or ``None``.
        target_scale: what a target was divided by; metrics are in units before that.
        each_step: whether there is a target at each step.
        one_logit: whether the model answers with one logit, of the second of two classes; with one
            for each label where a target has several.
        padded: whether records may end before the last timestep.
        vocabulary: inputs are token ids below this, one feature; 0: they are no ids.
        input_units: what was subtracted from each feature, and what it was divided by.
        target_center: what was subtracted from targets before `target_scale` divided them.
        series: `[rows]` of what is predicted, in its own units, where records are windows of them.
        ends: `[records]` rows of the series that their last steps are.
        ends_validation: as `ends`.
        predicts_input: whether what is predicted is an input, too.
    """

    x: Floats
    y: Array
    x_validation: Floats
    y_validation: Array
    classes: int
    class_weights: Floats | None
    target_scale: float
    each_step: bool = False
    one_logit: bool = False
    padded: bool = False
    vocabulary: int = 0
    input_units: tuple[Floats, Floats] = (np.zeros(1), np.ones(1))
    target_center: float = 0.0
    series: Floats | None = None
    ends: Array | None = None
    ends_validation: Array | None = None
    predicts_input: bool = True

    @property
    def features(self) -> int:
        """What a model is built for: numbers of a step, or the size of the vocabulary."""
        return self.vocabulary or int(self.x.shape[2])

    @property
    def outputs(self) -> int:
        """Width of the model's head: one logit a class or in all, one value, or one a number."""
        return self.width or (1 if self.one_logit else self.classes or 1)

    @property
    def width(self) -> int:
        """Numbers in a target that is a vector; 0 where each is one number."""
        vector = self.y.ndim > 1 + self.each_step
        return int(self.y.shape[-1]) if vector else 0


def build(case: Case, seed: int) -> Dataset:
    """Draw or read the records of ``case`` for ``seed``, then preprocess them.

    Whatever is fitted (normalisation, class weights) is fitted on the training records only,
    before oversampling and augmentation.

    Raises:
        DataFileError: if the case's data file cannot be used, or the loss does not fit its targets.
    """
    rng = np.random.default_rng([seed, DATA_STREAM])
    data = case.data
    x, y, x_validation, y_validation = _split(case, seed, rng)
    y, y_validation = (as_labels(each, case.training) for each in (y, y_validation))
    regression = not np.issubdtype(y.dtype, np.integer)
    classes = 0 if regression else int(max(y.max(), y_validation.max(initial=0))) + 1
    each_step = data.targets == "each_step"
    if classes and len(np.unique(y[present(y)])) == 1:
        label, cure = y[present(y)][0], "shuffle the file"
        if case.training.stateful:
            cure = "the last records are held out; hold out fewer, or give x_validation of your own"
        raise DataFileError(f"the training labels are of one class only ({label}): {cure}")
    if message := misfit(case.training, np.concatenate([y, y_validation]), each_step=each_step):
        raise DataFileError(message)
    if case.converged.metric == "f1" and classes > 2:  # noqa: PLR2004  # it is of the second of two
        told = f"metric 'f1' is of class 1 where there are two, and there are {classes}"
        raise DataFileError(f"{told}: macro_f1 is the mean over all of them")
    units = center_and_spread(data, x)
    if data.normalize != "none":
        x, x_validation = ((each - units[0]) / units[1] for each in (x, x_validation))
    center, scale = 0.0, 1.0
    if data.normalize_targets == "standard":
        given = y[present(y)]
        center, scale = float(given.mean()), float(given.std()) if np.ptp(given) else 1.0
        y, y_validation = (y - center) / scale, (y_validation - center) / scale
    weights = _class_weights(case.training, y[present(y)], classes)
    if data.oversample and classes:
        x, y = oversample(x, y, classes, rng)
    x, y = add_noisy_copies(data, x, y, rng)
    series, ends, ends_validation = _series(case)
    if data.sort_by_label:
        by_label = np.argsort(y, kind="stable")
        x, y, ends = x[by_label], y[by_label], ends if ends is None else ends[by_label]
    one_logit = bool(classes) and case.training.loss == "bce"
    padded = data.lengths is not None or bool(np.isnan(x).any() or np.isnan(x_validation).any())
    vocabulary = _vocabulary(case, x, x_validation)
    rest = (classes, weights, scale, each_step, one_logit, padded, vocabulary, units, center)
    windows = series, ends, ends_validation, _predicts_input(data)
    return Dataset(x, y, x_validation, y_validation, *rest, *windows)


def _series(case: Case) -> tuple[Floats | None, Array | None, Array | None]:
    """Return the predicted column of a series, and the last row of each window."""
    data = case.data
    if not isinstance(data, FromSeries):
        return None, None, None
    file = read_for(case)
    ends = np.concatenate([file.ends] * (data.jitter_copies + 1))
    return file.series, ends, file.ends_validation


def _predicts_input(data: Data) -> bool:
    return not isinstance(data, FromSeries) or data.predicted in data.inputs


def _class_weights(training: Training, y: Array, classes: int) -> Floats | None:
    if not classes or training.class_weights == "none":
        return None
    if training.class_weights == "balanced":
        return balanced_weights(y, classes)
    return np.array(training.class_weights)


def _vocabulary(case: Case, *inputs: Floats) -> int:
    """Return how many token ids there are; 0 where inputs are no ids."""
    data = case.data
    if isinstance(data, FromSeries) or (case.model.embedding or case.model.factory) is None:
        return 0
    if isinstance(data, Task):
        return data.ids or 0
    assert isinstance(data, FromFile | FromFactory)  # noqa: S101  # there are four kinds
    if data.vocabulary is not None:
        return data.vocabulary
    if case.model.embedding is None:
        return 0
    return 1 + int(max(np.nanmax(x, initial=0) for x in inputs))


def is_padded(case: Case) -> bool:
    """Tell whether records may end early: by the declaration, or by the file where that says it."""
    if case.data.lengths is not None or case.data.file_name is None:
        return case.data.lengths is not None
    return build(case, 0).padded


def targets_of(case: Case) -> int:
    """Return how many values or labels a target has; 0: it is one number."""
    data = case.data
    return data.several if isinstance(data, Task) else build(case, 0).width


def check_data(case: Case) -> list[str]:
    """Return what is wrong with the data of ``case``, as read and as split for seed 0.

    A user's function is not called before its case is trained, nor a task drawn that fits any loss.
    """
    messages = check_file(case)
    name = case.data.file_name
    if messages or (name is None and not _depends_on_classes(case)):
        return messages
    try:
        build(case, 0)
    except DataFileError as error:
        return [f"{name}: {error}" if name else str(error)]
    return []


def _depends_on_classes(case: Case) -> bool:
    """Tell whether a task fits by how many classes it draws."""
    weighted = isinstance(case.training.class_weights, tuple)
    of_two = case.training.loss == "bce" or case.converged.metric == "f1"
    return isinstance(case.data, Task) and (weighted or of_two)


def _split(case: Case, seed: int, rng: np.random.Generator) -> Split:
    data = case.data
    if isinstance(data, Task):
        x, y = draw(data, data.records, rng)
        if not data.validation_records:
            return x, y, x[:0], y[:0]
        return x, y, *draw(data, data.validation_records, rng)
    if isinstance(data, FromFactory):
        file = made(case, seed)
    else:
        assert isinstance(data, FromFile | FromSeries)  # noqa: S101  # there are four kinds
        file = copy.deepcopy(read_for(case))  # what trains may write into what it gets
    if file.x_validation is not None and file.y_validation is not None:
        return file.x[: data.records], file.y[: data.records], file.x_validation, file.y_validation
    held_out = data.validation_records
    if not held_out:
        return file.x[: data.records], file.y[: data.records], file.x[:0], file.y[:0]
    if case.training.stateful:  # records go on from one another: they stay in order
        order = np.roll(np.arange(len(file.x)), held_out)
    else:
        order = rng.permutation(len(file.x))
    train, validation = order[held_out:][: data.records], order[:held_out]
    return file.x[train], file.y[train], file.x[validation], file.y[validation]
