"""From a recorded PyTorch training to observations."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it
# ruff: noqa: SLF001 - the frameworks' own kinds are private

import math
from typing import Any

import numpy as np
import torch

from harness.diagnosis.canonical import quality, rows
from harness.diagnosis.observations import (
    Array,
    Floats,
    Loop,
    Loss,
    NonFinite,
    Observations,
    Optimizer,
    Reading,
)
from harness.diagnosis.watch.metric import misread
from harness.diagnosis.watch.pairing import alternatives
from harness.diagnosis.watch.records import Evaluation, Training
from harness.diagnosis.watch.torch_layers import layers, parameters
from harness.diagnosis.watch.torch_recorder import Recorder
from harness.diagnosis.watch.torch_replay import Replay

MODES = (torch.nn.modules.dropout._DropoutNd, torch.nn.modules.batchnorm._BatchNorm)
"""Modules that do something else in evaluation than in training."""


def observe(recorder: Recorder, training: Training, namespace: dict[str, Any]) -> Observations:
    """Assemble what is known of a training; runs its network again on recorded batches."""
    recorder.busy = True
    try:
        return _observe(recorder, training, namespace)
    finally:
        recorder.busy = False


def observe_all(recorder: Recorder, namespace: dict[str, Any]) -> list[Observations]:
    """Observations of every training that made an update, or failed before its first."""
    found = [t for t in recorder.trainings if t.losses]
    if not found and recorder.by_hand is not None and recorder.by_hand.steps > 2:
        found = [recorder.by_hand]
    return [observe(recorder, training, namespace) for training in found]


def _observe(recorder: Recorder, training: Training, namespace: dict[str, Any]) -> Observations:
    losses = _numbers(training.losses)
    records, epochs, shuffled, relabelled = _order(training, recorder, losses)
    training.batches = training.batches[: _batches(training, records)]  # each record once
    replay = Replay(training) if training.modules else None
    ready = replay is not None and replay.possible
    final = replay.outputs() if replay and ready else []
    start = replay.outputs(start=True) if replay and ready else []
    kept = replay.batches if replay else training.batches
    inputs, targets = _joined([(b.inputs, b.target) for b in kept if b.inputs is not None])
    recent = list(training.recent)
    epoch_batches = recent[-max(1, len(recent) if not records else _batches(training, records)) :]
    outputs, output_targets = _joined([(b.output, b.target) for b in epoch_batches])
    final_array, _ = _joined([(out, out) for out in final])
    start_array, _ = _joined([(out, out) for out in start])
    evaluations = _evaluations(recorder, training)
    validation = _validation(training, evaluations, namespace)
    return Observations(
        losses=losses,
        epochs=epochs,
        loss=_loss(training),
        optimizer=_optimizer(recorder, training),
        loop=_loop(recorder, training, evaluations, records, shuffled),
        layers=layers(training),
        parameters=parameters(training),
        non_finite=_non_finite(recorder, training, losses),
        inputs=inputs,
        targets=targets,
        outputs=outputs,
        output_targets=output_targets,
        final_outputs=final_array,
        start_outputs=start_array,
        batches=tuple(_array(b.target) for b in training.batches[: _batches(training, records)]),
        relabelled=relabelled,
        alternatives=alternatives(
            inputs, targets, {**namespace, **training.namespace}, recorder.loaders
        ),
        step_gradient=replay.step_gradients(start=True) if replay and ready else None,
        leak=replay.leak() if replay and ready else 0.0,
        readings=_readings(training, evaluations),
        **validation,
    )


def _batches(training: Training, records: int | None) -> int:
    size = (
        max(set(training.batch_sizes), key=training.batch_sizes.count)
        if training.batch_sizes
        else 1
    )
    return max(1, math.ceil(records / max(size, 1))) if records else 32


def _numbers(values: list[torch.Tensor]) -> Floats:
    if not values:
        return np.zeros(0)
    return torch.stack([v.reshape(-1)[0].float().cpu() for v in values]).double().numpy()


def _array(tensor: torch.Tensor) -> Array:
    return (
        tensor.detach().cpu().float().numpy()
        if tensor.dtype in {torch.bfloat16, torch.float16}
        else tensor.detach().cpu().numpy()
    )


def _joined(pairs: list[tuple[Any, Any]]) -> tuple[Array | None, Array | None]:
    """Concatenate batches of the same shape as the first."""
    if not pairs:
        return None, None
    first = pairs[0]
    alike = [
        (a, b)
        for a, b in pairs
        if a.shape[1:] == first[0].shape[1:]
        and b.shape[1:] == first[1].shape[1:]
        and a.dim()
        and b.dim()
    ]
    if not alike:
        return None, None
    return (
        np.concatenate([_array(a) for a, _ in alike]),
        np.concatenate([_array(b) for _, b in alike]),
    )


def _order(
    training: Training, recorder: Recorder, losses: Floats
) -> tuple[int | None, int | None, bool | None, float]:
    """How many records there are, how often each was met, in a new order each time or not."""
    if not training.keys or any(k.shape != v.shape for k, v in training.keys):
        return None, None, None, 0.0
    keys = np.concatenate([k.cpu().numpy() for k, _ in training.keys])
    labels = np.concatenate([v.cpu().numpy() for _, v in training.keys])
    names, counts = np.unique(keys, return_counts=True)
    records = len(names)
    if len(keys) < 1.5 * records:
        return records, 1, _loader_shuffles(recorder), 0.0
    epochs = round(len(keys) / records * len(losses) / len(training.keys))
    length = int(np.median(counts)) and len(keys) // int(np.median(counts))
    one, two = keys[:length], keys[length : 2 * length]
    same = len(one) == len(two) and np.mean(one == two) > 0.95
    whole = len(training.keys[0][0]) >= records
    order = np.argsort(keys, kind="stable")
    sorted_keys, sorted_labels = keys[order], labels[order]
    again = sorted_keys[1:] == sorted_keys[:-1]
    changed = (
        float(np.mean(sorted_labels[1:][again] != sorted_labels[:-1][again]))
        if again.any()
        else 0.0
    )
    distinct = records > 0.5 * length
    return records, epochs, (None if whole else not same), changed if distinct else 0.0


def _loader_shuffles(recorder: Recorder) -> bool | None:
    if not recorder.loaders:
        return None
    return any(type(loader.sampler).__name__ != "SequentialSampler" for loader in recorder.loaders)


def _loss(training: Training) -> Loss:
    pair = training.pair
    if pair is None:
        return Loss()
    return Loss(
        kind=pair.kind,
        function=_function_by_value(training),
        over_batch=training.over_batch,
        output_shape=tuple(pair.output.shape),
        target_shape=tuple(pair.target.shape),
        broadcast=training.broadcast,
        negated=training.negated > training.compared / 2 > 0,
        name=pair.name,
        weighted=pair.weighted,
        ignored=pair.ignored,
        integer_targets=not pair.target.is_floating_point(),
    )


def _function_by_value(training: Training) -> Any:
    return training.function


def _optimizer(recorder: Recorder, training: Training) -> Optimizer:
    group = training.optimizer.param_groups[0]
    return Optimizer(
        name=type(training.optimizer).__name__.lower(),
        rates=tuple(training.rates),
        momentum=float(group.get("momentum", 0.0) or 0.0),
        clip=recorder.clip,
        weight_decay=float(group.get("weight_decay", 0.0) or 0.0),
    )


def _has_modes(training: Training) -> bool:
    for module in training.modules.values():
        for child in module.modules():
            if isinstance(child, MODES) and getattr(child, "p", 1) > 0:
                return True
            if isinstance(child, torch.nn.RNNBase) and child.dropout > 0 and child.num_layers > 1:
                return True
    return False


def _loop(
    recorder: Recorder,
    training: Training,
    evaluations: list[Evaluation],
    records: int | None,
    shuffled: bool | None,
) -> Loop:
    modes = _has_modes(training)
    starts = [recorder._starts[key] for key in recorder._starts if key in training.children]
    in_train = [e.training for e in evaluations]
    others = [t for t in recorder.trainings if t is not training and t.steps]
    return Loop(
        stale=training.stale / max(training.steps - 1, 1),
        carried=max((c / max(n - 1, 1) for n, c in starts), default=0.0),
        in_eval=training.in_eval / training.passes if modes and training.passes else 0.0,
        eval_then_train=modes and training.was_train and training.in_eval > 0,
        evaluated_in_train=float(np.mean(in_train)) if modes and in_train else 0.0,
        shuffled=shuffled,
        batch=max(set(training.batch_sizes), key=training.batch_sizes.count)
        if training.batch_sizes
        else None,
        records=records,
        cut=training.cut > training.steps / 2,
        interleaved=any(o.first < training.last and training.first < o.last for o in others),
    )


def _non_finite(recorder: Recorder, training: Training, losses: Floats) -> NonFinite | None:
    bad = np.flatnonzero(~np.isfinite(losses))
    if recorder.failure is not None and (len(bad) or len(recorder.trainings) == 1):
        return recorder.failure
    return NonFinite(int(bad[0]), "loss") if len(bad) else None


def _evaluations(recorder: Recorder, training: Training) -> list[Evaluation]:
    return [e for e in recorder.evaluations if id(e.module) in training.modules]


def _validation(
    training: Training, evaluations: list[Evaluation], namespace: dict[str, Any]
) -> dict[str, Any]:
    """Losses and accuracies on records that are not trained on, one an evaluation."""
    known = (
        set(np.concatenate([k.cpu().numpy() for k, _ in training.keys]).tolist())
        if training.keys
        else set()
    )
    kind = training.pair.kind if training.pair else "other"
    found: dict[int, list[tuple[Array, Array]]] = {}
    for evaluation in evaluations:
        pair = _labelled(training, evaluation, namespace)
        if pair is None or _is_training(evaluation, known):
            continue
        found.setdefault(evaluation.step, []).append(pair)
    losses, scores, last = [], [], None
    for step in sorted(found):
        outputs, targets = _joined(
            [(torch.as_tensor(o), torch.as_tensor(t)) for o, t in found[step]]
        )
        if outputs is None or targets is None:
            continue
        canonical = rows(kind, outputs, targets)
        if canonical is None:
            continue
        judged = quality(kind, canonical)
        losses.append(judged.loss)
        scores.append(judged.score)
        last = (outputs, targets)
    return {
        "validation_losses": np.array(losses),
        "validation_scores": np.array(scores),
        "validation_outputs": last[0] if last else None,
        "validation_targets": last[1] if last else None,
    }


def _is_training(evaluation: Evaluation, known: set[float]) -> bool:
    inputs = evaluation.inputs
    if inputs is None or not known:
        return False
    flat = inputs.detach().reshape(inputs.shape[0], -1)
    columns = flat.shape[1]
    weights = torch.as_tensor(np.random.default_rng(columns).standard_normal(columns))
    keys = torch.nan_to_num(flat.double().cpu()).matmul(weights).numpy()[:200]
    return sum(key in known for key in keys.tolist()) > len(keys) / 2


def _labelled(
    training: Training, evaluation: Evaluation, namespace: dict[str, Any]
) -> tuple[Array, Array] | None:
    """Output and target of an evaluation: from its loss, or from what it was compared with."""
    if evaluation.pair is not None:
        return _array(evaluation.pair.output), _array(evaluation.pair.target)
    output = evaluation.output
    if evaluation.compared is None or not isinstance(output, torch.Tensor):
        return None
    pipe = _pipe_of(training)
    if pipe is not None:
        try:
            output = pipe(output)
        except (RuntimeError, IndexError):
            return None
    side = _label_side(output, *evaluation.compared)
    if side is None:
        return None
    return _array(output), _array(side)


def _pipe_of(training: Training) -> Any:
    return Replay(training).pipe


def _decisions(output: torch.Tensor) -> list[torch.Tensor]:
    flat = output.squeeze(-1) if output.dim() > 1 and output.shape[-1] == 1 else output
    made = [flat > 0, flat > 0.5, flat.round()]
    if output.dim() > 1 and output.shape[-1] > 1:
        made = [output.argmax(-1), output.argmax(1), *made]
    return made


def _label_side(
    output: torch.Tensor, left: torch.Tensor, right: torch.Tensor
) -> torch.Tensor | None:
    for decision in _decisions(output):
        for one, other in ((left, right), (right, left)):
            if one.numel() == decision.numel() and bool(
                (one.reshape(-1).double() == decision.reshape(-1).double()).all()
            ):
                return other
    return None


def _readings(training: Training, evaluations: list[Evaluation]) -> tuple[Reading, ...]:
    """Accuracies that the script computed in another way than its outputs ask for."""
    pair = training.pair
    found = []
    for evaluation in evaluations[-3:]:
        if evaluation.compared is None or pair is None:
            continue
        left, right = evaluation.compared
        reading = misread(pair.kind, evaluation.output, left, right)
        if reading is not None:
            found.append(reading)
    return tuple(found)
