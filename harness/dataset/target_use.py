"""Whether what a case does with the targets of its own records fits them."""

from collections.abc import Iterator

import numpy as np

from harness.dataset.labels import BINARY, saved_as_classes
from harness.dataset.loss_fit import misfit
from harness.dataset.padding import Array
from harness.dataset.records import DataFileError
from harness.scenario import Case
from harness.scenario.vocabulary import METRICS
from harness.scenario.vocabulary.metrics import metrics_of


def check_targets(y: Array, case: Case) -> None:
    """Check the metric, and what is done to records by their targets.

    Args:
        y: all targets, int64 classes or float64 values.
        case: that uses them.

    Raises:
        DataFileError: with each that does not fit.
    """
    whole = np.issubdtype(y.dtype, np.integer)
    messages = list(_of_classes(y, case) if whole else _of_values(y, case))
    if messages:
        raise DataFileError("; ".join(messages))


def _of_classes(y: Array, case: Case) -> Iterator[str]:
    if not METRICS[case.converged.metric].suits("classes"):
        yield (
            f"metric {case.converged.metric!r} does not fit classification targets, and whole "
            "numbers are classes: if they are quantities, say training.loss = 'mse', or save them "
            "with a decimal point, y.astype(float)"
        )
    if case.data.normalize_targets != "none":
        yield "data.normalize_targets needs decimal numbers, and targets are integers, or labels"
    yield from _of_several(y, case)


def _of_values(y: Array, case: Case) -> Iterator[str]:
    metric, training = case.converged.metric, case.training
    each_step = case.data.targets == "each_step"
    if training.loss == BINARY and (message := misfit(training, y, each_step=each_step)):
        yield message
    elif not METRICS[metric].suits("values"):
        hint = saved_as_classes(y, each_step=each_step)
        if training.loss_of("values") is not None and training.loss is not None:
            yield f"metric {metric!r} is of classes, training.loss = {training.loss!r} of values"
        elif hint:
            yield f"its targets are {hint}"
        else:
            yield f"metric {metric!r} does not fit regression targets: {metrics_of('values')}"
    for key, asked in (
        ("data.oversample", case.data.oversample),
        ("training.class_weights", training.class_weights != "none"),
    ):
        if asked:
            yield f"{key} needs classes, and targets are decimal numbers"
    yield from _of_several(y, case)


def _of_several(y: Array, case: Case) -> Iterator[str]:
    """Yield what takes one label a record, where it has several; targets at each step are told."""
    if y.ndim == 1 or case.data.targets == "each_step":
        return
    for key in ("oversample", "sort_by_label"):
        if getattr(case.data, key):
            yield f"data.{key} needs one label a record, and y {list(y.shape)} holds several"
