"""From a recorded Keras training to observations."""

from dataclasses import replace
from typing import Any

import numpy as np

from harness.diagnosis.causes.updates import BEST
from harness.diagnosis.facts import Facts
from harness.diagnosis.observations import Array, Loop, NonFinite, Observations, Optimizer
from harness.diagnosis.watch.keras_activations import with_saturation
from harness.diagnosis.watch.keras_answers import (
    all_answers_for,
    bring_back,
    class_numbers,
    classes_second,
    data_of,
    draws_in_evaluation,
    remembers,
)
from harness.diagnosis.watch.keras_data import array, flat, from_dataset, sample
from harness.diagnosis.watch.keras_gradients import gradients
from harness.diagnosis.watch.keras_heads import mistaken_head
from harness.diagnosis.watch.keras_layers import as_looked_up, flat_layers, layers, parameters
from harness.diagnosis.watch.keras_loss import loss
from harness.diagnosis.watch.keras_own_loss import share_gone
from harness.diagnosis.watch.keras_own_metric import asked_scores
from harness.diagnosis.watch.keras_readings import first_metric, readings
from harness.diagnosis.watch.keras_recorder import KerasRecorder
from harness.diagnosis.watch.keras_training import KerasTraining
from harness.diagnosis.watch.keras_validation import validation
from harness.diagnosis.watch.keras_weights import left_out, weights_of
from harness.diagnosis.watch.met_again import order_of, relabelled_arrays
from harness.diagnosis.watch.pairing import alternatives, mixed, viewed
from harness.diagnosis.watch.quiet import quiet


def observe_all(recorder: KerasRecorder, namespace: dict[str, Any]) -> list[Observations]:
    """Observations of every training that made an update."""
    for training in recorder.trainings:
        recorder.guard.ask(None, bring_back, training.model)
    return [
        recorder.guard.ask(_bare(t), observe, recorder, t, namespace)
        for t in recorder.trainings
        if t.losses
    ]


JUDGED_BY_ITSELF = {"other", "likelihood"}
"""Kinds of which it is the loss itself that says what was learnt."""


def _bare(training: KerasTraining) -> Observations:
    """What is known without asking the network anything."""
    losses = np.array(training.losses, np.float64)
    return Observations(losses=losses, epochs=len(training.epochs) or None, framework="keras")


def observe(
    recorder: KerasRecorder, training: KerasTraining, namespace: dict[str, Any]
) -> Observations:
    """Assemble what is known; asks the trained network for its answers to the training records."""
    ask = recorder.guard.ask  # what one question raises does not take the others away
    data = ask(None, data_of, training)
    x, y = sample(data)
    inputs, targets = as_looked_up(training.model, array(x)), array(y)
    answers = all_answers_for(training, x)
    outputs, training.heads = array(answers), len(flat(answers)) if answers is not None else 1
    weights = ask(None, weights_of, training, x, y, training.weights)
    described = loss(training, outputs, targets)
    if training.heads > 1 and (head := ask(None, mistaken_head, training, answers, y)):
        described, outputs, targets = head
    gone = None
    judged = answers is not None and not training.signed
    if judged and (described.kind in JUDGED_BY_ITSELF or weights is not None):
        gone = ask(None, share_gone, training, y, answers, weights)
    targets = class_numbers(described, targets, outputs)
    if described.kind in {"nll", "cross_entropy"}:
        targets = left_out(targets, weights)
    variables = {**namespace, **training.namespace}
    nothing = (None, None)
    new_outputs, new_targets = ask(nothing, validation, training, data, variables, described)
    new_outputs = classes_second(described, new_outputs)
    losses = np.array(training.losses, np.float64)
    seen = Observations(
        losses=losses,
        objective=losses,
        epochs=len(training.epochs) or None,
        framework="keras",
        loss=described,
        optimizer=_optimizer(training),
        loop=ask(
            Loop(), _loop, recorder, training, _length(data, repeated=bool(training.batches)), x
        ),
        layers=ask((), layers, training.model),
        parameters=ask((), parameters, training, elsewhere(recorder, training)),
        non_finite=_non_finite(data, losses),
        validation_losses=np.array([e["val_loss"] for e in training.epochs if "val_loss" in e]),
        inputs=inputs,
        beside=tuple(flat(x)[1:]),
        targets=targets,
        final_outputs=classes_second(described, outputs),
        raw_outputs=outputs,
        batches=_batches(training, targets),
        validation_outputs=new_outputs,
        validation_targets=new_targets,
        alternatives=ask(
            (), alternatives, inputs, targets, variables, [], (*flat(x)[1:], *flat(y)[1:])
        ),
        continued=ask(False, _continued, recorder, training),
        renamed=ask("", viewed, inputs, variables, []),
        mixed=ask("", mixed, inputs, variables, [], training.batch),
        readings=(
            *ask((), asked_scores, training, described, outputs, array(y)),
            *ask((), readings, training, described, targets, outputs, (new_outputs, new_targets)),
        ),
        partly=len(flat(x)) > 1,
        relabelled=ask(0.0, _relabelled, training),
        in_order=not training.batches,
        metric=first_metric(training),
        share_gone=gone,
    )
    facts = Facts(seen)
    if facts.failed or any(p.moved == 0 and p.is_matrix for p in seen.parameters):
        return ask(seen, _with_gradients, training, seen, x, y)
    return seen if facts.reached > BEST else ask(seen, _with_saturation, training, seen, x)


def _continued(recorder: KerasRecorder, training: KerasTraining) -> bool:
    """Whether a training that began after this one had ended uses its weights."""
    own = {id(weight) for weight in training.model.weights}
    later = [t for t in recorder.trainings if t.losses and t.first >= training.last > 0]
    return any(t is not training and own & {id(w) for w in t.model.weights} for t in later)


def elsewhere(recorder: KerasRecorder, training: KerasTraining) -> set[int]:
    """Weights, by ``id``, that another training of the script updates and this one does not."""
    others = [t for t in recorder.trainings if t is not training and t.losses]
    return set().union(*(t.trainable for t in others)) - training.trainable


def _with_gradients(training: KerasTraining, seen: Observations, x: Any, y: Any) -> Observations:
    """Look at gradients at the start, only where something went wrong."""
    nested = any(isinstance(part, (list, tuple, dict)) for part in (x, y))
    if training.start is None or x is None or nested:
        return seen
    now = training.model.get_weights()
    try:
        training.model.set_weights(training.start)
        norms, steps = gradients(training, x[:64], y[:64])
    finally:
        training.model.set_weights(now)
    seen = _with_saturation(training, seen, x)
    if norms:
        found = {p.name: (norms[p.name],) if p.name in norms else () for p in seen.parameters}
        asked = tuple(replace(p, gradients=found[p.name]) for p in seen.parameters)
        seen = replace(seen, parameters=asked)
    return replace(seen, step_gradient=steps)


def _with_saturation(training: KerasTraining, seen: Observations, x: Any) -> Observations:
    """Look at activations where something was left to be learnt."""
    if x is None or isinstance(x, (list, tuple, dict)):
        return seen
    with quiet():
        return replace(seen, layers=with_saturation(training, seen.layers, x[:64]))


def _relabelled(training: KerasTraining) -> float:
    """Share of records with another target than before: in another batch, or at the last `fit`."""
    if training.once is None:
        return relabelled_arrays(training.batches)
    last = sample(from_dataset(training.source) or training.data)
    return relabelled_arrays([training.once, last])


def _length(data: tuple[Any, Any] | None, *, repeated: bool) -> int | None:
    """Different records; those given batch by batch come again in each epoch."""
    if data is None or (targets := array(data[1])) is None:
        return None
    inputs = array(data[0]) if repeated else None
    return len(targets) if inputs is None else len({row.tobytes() for row in inputs})


def _optimizer(training: KerasTraining) -> Optimizer:
    made = training.optimizer
    clip = next(
        (
            float(v)
            for n in ("clipnorm", "global_clipnorm", "clipvalue")
            if (v := getattr(made, n, None))
        ),
        None,
    )
    momentum = getattr(made, "momentum", 0.0)
    return Optimizer(
        name=type(made).__name__.lower(),
        rates=tuple(r for r in training.rates if np.isfinite(r)),
        momentum=float(momentum) if isinstance(momentum, (int, float)) else 0.0,
        clip=clip,
        weight_decay=float(getattr(made, "weight_decay", 0.0) or 0.0),
    )


def _loop(recorder: KerasRecorder, training: KerasTraining, records: int | None, x: Any) -> Loop:
    stateful = any(getattr(layer, "stateful", False) for layer in flat_layers(training.model))
    carries = stateful or recorder.guard.ask(False, remembers, training, x)
    others = [t for t in recorder.trainings if t is not training and t.batches]
    shuffled, again = recorder.guard.ask((None, False), order_of, [x for x, _ in training.batches])
    return Loop(
        stale=training.stale / max(training.looked, 1),
        carried=1.0 if carries else training.fed / max(len(training.batches) - 1, 1),
        in_eval=1.0 if training.modes and not training.modes[True] else 0.0,
        predicts_in_train=_predicts_in_train(training),
        always_dropped=1 if _drops_always(training, x) else 0,
        shuffled=training.shuffle if training.data is not None else shuffled,
        regrouped=again,
        batch=min(training.batch, records) if records else training.batch,
        records=records,
        interleaved=bool(training.batches)
        and any(o.first < training.last and training.first < o.last for o in others),
    )


def _drops_always(training: KerasTraining, x: Any) -> bool:
    """Whether evaluation drops units; asked several times in a row, it does so on purpose."""
    on_purpose = max(training.times_asked.values(), default=0) > 2  # noqa: PLR2004 - several
    return not on_purpose and draws_in_evaluation(training, x)


def _predicts_in_train(training: KerasTraining) -> float:
    """Share of calls in training mode; the same records again and again are dropout on purpose."""
    kinds = {type(layer).__name__ for layer in flat_layers(training.model)}
    matters = any("Dropout" in kind or "BatchNormalization" in kind for kind in kinds)
    distinct = {(shape, total) for _, shape, total in training.calls}
    if not training.calls or not matters or len(training.calls) > 3 * len(distinct):
        return 0.0
    return float(np.mean([asked for asked, _, _ in training.calls]))


def _non_finite(data: tuple[Any, Any] | None, losses: Array) -> NonFinite | None:
    if data is not None:
        for place, value in zip(("input", "target"), data, strict=True):
            values = array(value)
            if values is not None and values.dtype.kind == "f" and not np.isfinite(values).all():
                bad = ~np.isfinite(values.reshape(len(values), -1)).all(1)
                return NonFinite(0, place, f"record {int(bad.argmax())}, {int(bad.sum())} in all")
    broken = np.flatnonzero(~np.isfinite(losses))
    return NonFinite(int(broken[0]), "loss") if len(broken) else None


def _batches(training: KerasTraining, targets: Array | None) -> tuple[Array, ...]:
    if targets is None:
        return ()
    if training.batches:
        return tuple(array(b) for _, b in training.batches[:200])
    if training.shuffle:
        return ()
    return tuple(targets[at : at + training.batch] for at in range(0, len(targets), training.batch))
