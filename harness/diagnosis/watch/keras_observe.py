"""From a recorded Keras training to observations."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

from dataclasses import replace
from typing import Any

import numpy as np

from harness.diagnosis.facts import Facts
from harness.diagnosis.observations import Array, Loop, NonFinite, Observations, Optimizer, Reading
from harness.diagnosis.watch.keras_gradients import gradients
from harness.diagnosis.watch.keras_layers import flat_layers, layers, loss, parameters
from harness.diagnosis.watch.keras_recorder import (
    MOST_RECORDS,
    KerasRecorder,
    KerasTraining,
    array,
)
from harness.diagnosis.watch.pairing import alternatives


def observe_all(recorder: KerasRecorder, namespace: dict[str, Any]) -> list[Observations]:
    """Observations of every training that made an update."""
    return [observe(recorder, t, namespace) for t in recorder.trainings if t.losses]


def observe(
    recorder: KerasRecorder, training: KerasTraining, namespace: dict[str, Any]
) -> Observations:
    """Assemble what is known; asks the trained network for its answers to the training records."""
    data = _data(training)
    x, y = _sample(data)
    inputs, targets = array(x), array(y)
    outputs = _answers(training, x)
    new_x, new_y = _sample(training.validation)
    described = loss(training, outputs, targets)
    probabilities = described.kind == "nll"
    targets = _class_numbers(described, targets, outputs)
    new_targets = _class_numbers(described, array(new_y), outputs)
    losses = np.array(training.losses, np.float64)
    records = _length(data)
    seen = Observations(
        losses=losses,
        epochs=len(training.epochs) or None,
        framework="keras",
        loss=described,
        optimizer=_optimizer(training),
        loop=_loop(recorder, training, records),
        layers=layers(training.model),
        parameters=parameters(training, None),
        non_finite=_non_finite(data, losses),
        validation_losses=np.array([e["val_loss"] for e in training.epochs if "val_loss" in e]),
        validation_scores=_scores(training, "val_"),
        inputs=inputs,
        targets=targets,
        final_outputs=_logs(outputs) if probabilities else outputs,
        raw_outputs=outputs,
        batches=_batches(training, targets),
        validation_outputs=_validation(training, new_x, probabilities),
        validation_targets=new_targets,
        alternatives=alternatives(inputs, targets, {**namespace, **training.namespace}, []),
        readings=_readings(training, described, targets),
        in_order=not training.batches,
        metric=_metric(training),
    )
    return _with_gradients(training, seen, x, y) if Facts(seen).failed else seen


def _with_gradients(training: KerasTraining, seen: Observations, x: Any, y: Any) -> Observations:
    """Look at gradients at the start, only where something went wrong."""
    if training.start is None or x is None or isinstance(x, (list, tuple, dict)):
        return seen
    now = training.model.get_weights()
    try:
        training.model.set_weights(training.start)
        norms, steps = gradients(training, x[:64], y[:64])
    finally:
        training.model.set_weights(now)
    found = {name: [value] for name, value in norms.items()} or None
    return replace(seen, parameters=parameters(training, found), step_gradient=steps)


def _data(training: KerasTraining) -> tuple[Any, Any] | None:
    if training.data is not None:
        return training.data
    pairs = [(array(a), array(b)) for a, b in training.batches]
    pairs = [(a, b) for a, b in pairs if a is not None and b is not None]
    if not pairs or any(
        a.shape[1:] != pairs[0][0].shape[1:] or b.shape[1:] != pairs[0][1].shape[1:]
        for a, b in pairs
    ):
        return None
    return np.concatenate([p[0] for p in pairs]), np.concatenate([p[1] for p in pairs])


def _length(data: tuple[Any, Any] | None) -> int | None:
    found = array(data[1]) if data is not None else None
    return len(found) if found is not None else None


def _sample(data: tuple[Any, Any] | None) -> tuple[Any, Any]:
    if data is None:
        return None, None
    x, y = data

    def cut(value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return [cut(v) for v in value]
        if isinstance(value, dict):
            return {k: cut(v) for k, v in value.items()}
        return value[:MOST_RECORDS]

    try:
        return cut(x), cut(y)
    except (TypeError, KeyError):
        return None, None


def _answers(training: KerasTraining, x: Any) -> Array | None:
    if x is None:
        return None
    try:
        size = (
            training.batch
            if any(getattr(each, "stateful", False) for each in flat_layers(training.model))
            else 256
        )
        answers: Array | None = array(training.model.predict(x, verbose=0, batch_size=size))
    except Exception:  # noqa: BLE001 - the user's own network may refuse anything
        return None
    return answers


def _validation(training: KerasTraining, x: Any, probabilities: bool) -> Array | None:
    outputs = _answers(training, x)
    return _logs(outputs) if probabilities else outputs


def _logs(outputs: Array | None) -> Array | None:
    """Log-probabilities as Keras' cross entropy takes them, classes on the second axis."""
    if outputs is None:
        return None
    clipped = np.clip(outputs / np.maximum(outputs.sum(-1, keepdims=True), 1e-7), 1e-7, 1 - 1e-7)
    logs = np.log(clipped)
    return np.asarray(np.moveaxis(logs, -1, 1) if logs.ndim > 2 else logs)


def _class_numbers(described: Any, targets: Array | None, outputs: Array | None) -> Array | None:
    if targets is None or described.kind not in {"nll", "cross_entropy"} or outputs is None:
        return targets
    if described.sparse:
        return (
            targets.reshape(targets.shape[: outputs.ndim - 1]).astype(np.int64)
            if targets.size == np.prod(outputs.shape[:-1]) or len(targets) != len(outputs)
            else targets
        )
    if targets.ndim and targets.shape[-1] > 1 and np.allclose(targets.sum(-1), 1):
        return np.asarray(targets.argmax(-1))
    return targets


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


def _loop(recorder: KerasRecorder, training: KerasTraining, records: int | None) -> Loop:
    stateful = any(getattr(layer, "stateful", False) for layer in flat_layers(training.model))
    others = [t for t in recorder.trainings if t is not training and t.batches]
    return Loop(
        carried=1.0 if stateful else 0.0,
        predicts_in_train=_predicts_in_train(training),
        shuffled=training.shuffle if training.data is not None else None,
        batch=min(training.batch, records) if records else training.batch,
        records=records,
        interleaved=bool(training.batches)
        and any(o.first < training.last and training.first < o.last for o in others),
    )


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


def _scores(training: KerasTraining, prefix: str) -> Array:
    names = [
        n
        for n in (training.epochs[0] if training.epochs else {})
        if n.startswith(prefix) and ("acc" in n) and (prefix or not n.startswith("val_"))
    ]
    return np.array([e[names[0]] for e in training.epochs]) if names else np.zeros(0)


def _batches(training: KerasTraining, targets: Array | None) -> tuple[Array, ...]:
    if targets is None:
        return ()
    if training.batches:
        return tuple(array(b) for _, b in training.batches[:200])
    if training.shuffle:
        return ()
    return tuple(targets[at : at + training.batch] for at in range(0, len(targets), training.batch))


def _readings(
    training: KerasTraining, described: Any, targets: Array | None
) -> tuple[Reading, ...]:
    """Accuracy, where the targets are numbers that no output will ever equal."""
    scores = _scores(training, "")
    if described.kind not in {"mse", "mae"} or not len(scores) or targets is None:
        return ()
    if len(np.unique(targets)) <= min(20, len(targets) / 4):
        return ()
    value = float(scores[-1])
    why = "numbers of a regression are compared for equality"
    return (Reading(_metric(training), value, value, why),)


def _metric(training: KerasTraining) -> str:
    names = [n for n in (training.epochs[0] if training.epochs else {}) if not n.startswith("val_")]
    return next((n for n in names if n != "loss"), "")
