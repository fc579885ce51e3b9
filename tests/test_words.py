"""Every word of the vocabulary trains on every backend as in the reference, or is refused."""

from itertools import zip_longest
from typing import Any

import numpy as np
import pytest

from harness.backends.base import Backend, get
from harness.backends.keras.backend import COMPARED
from harness.reference import Reference
from harness.scenario import TASKS, Case
from harness.scenario.vocabulary import (
    ACTIVATIONS,
    CELLS,
    INITIALISERS,
    METRICS,
    OPTIMIZERS,
    SCHEDULES,
)
from tests.backends.small_cases import case_of, silent

STEPS = 6
"""Two epochs of three batches."""

SEVERAL = "themes"
"""The task whose records have several labels."""

Tables = dict[str, dict[str, Any]]


def optimizer(word: str, **options: float) -> Tables:
    """Return the keys for an optimizer, its epsilon so small that it is the same wherever added.

    Keras adds RMSprop's under the root, as its backend says.
    """
    return {"training": {"optimizer": word, "epsilon": 1e-12} | options}


def metric(word: Any) -> Tables:
    task = "mean_value" if METRICS[word].of == "values" else "mean_sign"
    return {"data": {"task": task}, "converged": {"metric": word, "at_most": -1e30}}


def task(word: str) -> Tables:
    """Return the keys for a task; several labels of a record are each one's own yes or no."""
    several = {"training": {"loss": "bce"}} if word == SEVERAL else {}
    return {"data": {"task": word}} | several


UPDATES: dict[str, Tables] = {word: optimizer(word) for word in OPTIMIZERS}
UPDATES |= {f"{w} with decay": optimizer(w, weight_decay=0.1) for w in OPTIMIZERS}
UPDATES |= {
    f"{word} with momentum": optimizer(word, momentum=0.5)
    for word, facts in OPTIMIZERS.items()
    if facts.momentum
}
UPDATES["sgd with nesterov"] = optimizer("sgd", momentum=0.5, nesterov=True)
WORDS: dict[str, dict[str, Tables]] = {
    "update": UPDATES,
    "gates": {word: {"model": {"gate_activation": word}} for word in ACTIVATIONS},
    "cells": {word: {"model": {"cell_activation": word}} for word in ACTIVATIONS},
    "initialiser": {  # small: the numbers of linear cells have no bound
        word: {"model": {"init": word, "init_scale": 0.2}} for word in INITIALISERS
    },
    "kind": {word: {"model": {"kind": word}} for word in CELLS},
    "schedule": {word: {"training": {"schedule": word}} for word in SCHEDULES},
    "data": {word: task(word) for word in TASKS}
    | {f"measured by {word}": metric(word) for word in METRICS},
}
"""Words that may stand beside each other in a case, by what they are about."""

SINGLE = {
    f"{about}: {word}": case_of(**({"training": {"epochs": 2}} | tables))
    for about, words in WORDS.items()
    for word, tables in words.items()
}


def together(keras: Backend) -> list[Case]:
    """Return few cases in which every word occurs that Keras trains: it traces each case anew."""
    supported = [
        [tables for tables in words.values() if keras.unsupported(case_of(**tables)) is None]
        for words in WORDS.values()
    ]
    cases = []
    for row in zip_longest(*supported, fillvalue={}):
        merged: Tables = {"training": {"decay_epochs": 1, "learning_rate": 1e-3}}
        for tables in row:
            for section, keys in tables.items():
                merged[section] = merged.get(section, {}) | keys
        cases.append(case_of(**merged))
    return cases


def check(backend: Backend, declared: Case) -> None:
    """Compare the first losses with the reference's, which no backend shares arithmetic with."""
    case = declared.model_copy(
        update={"training": declared.training.model_copy(update={"epochs": 2})}
    )
    [history] = backend.train(case, [0], "cpu", silent)
    assert not history.message
    assert len(history.train_metric) == 3
    losses = history.first_losses[:STEPS]
    assert np.isfinite([*losses, *history.train_metric]).all()
    if not case.model.initialiser.by_framework:  # its draws are not the reference's
        expected = Reference(case, 0).train(STEPS).losses
        np.testing.assert_allclose(losses, expected, rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize("case", SINGLE.values(), ids=SINGLE)
@pytest.mark.parametrize("name", ["eager", "ensemble"])
def test_a_word_trains_as_in_the_reference(name: str, case: Case) -> None:
    backend = get(name)
    if reason := backend.unsupported(case):
        assert case.model.kind != "lstm", reason  # all that it may refuse
    else:
        check(backend, case)


def test_the_reference_backend_refuses_no_word() -> None:
    assert not any(get("eager").unsupported(case) for case in SINGLE.values())


def test_what_keras_does_not_train_it_refuses_with_a_reason() -> None:
    keras = get("keras")
    reasons = {word: keras.unsupported(case) for word, case in SINGLE.items()}
    assert {word for word, reason in reasons.items() if reason} == {
        *(f"update: {name}" for name in OPTIMIZERS if name not in COMPARED),
        *(f"initialiser: {name}" for name, facts in INITIALISERS.items() if not facts.one_bias),
        *(
            f"update: {name} with decay"
            for name, facts in OPTIMIZERS.items()
            if not facts.decoupled_decay or name not in COMPARED
        ),
    }


@pytest.mark.slow
@pytest.mark.parametrize("row", range(len(together(get("keras")))))
def test_words_that_keras_trains_train_as_in_the_reference(row: int) -> None:
    keras = get("keras")
    if missing := keras.unavailable("cpu"):
        pytest.skip(missing)
    check(keras, together(keras)[row])
