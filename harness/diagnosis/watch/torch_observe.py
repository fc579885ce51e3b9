"""From a recorded PyTorch training to observations."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it
# ruff: noqa: SLF001 - the frameworks' own kinds are private

from typing import Any

import numpy as np
import torch

from harness.diagnosis.observations import (
    BY_HAND,
    Array,
    Floats,
    Layer,
    Loop,
    Loss,
    NonFinite,
    Observations,
    Optimizer,
)
from harness.diagnosis.watch.arrays import arrays_of, as_array, joined, numbers
from harness.diagnosis.watch.lookup import Lookup
from harness.diagnosis.watch.metric import readings
from harness.diagnosis.watch.order import Order, continues, order
from harness.diagnosis.watch.pairing import alternatives, mixed, viewed
from harness.diagnosis.watch.records import Batch, Training
from harness.diagnosis.watch.torch_apart import hear
from harness.diagnosis.watch.torch_evaluations import Evaluations, Validation
from harness.diagnosis.watch.torch_layers import layers, parameters, used_in
from harness.diagnosis.watch.torch_mixing import Mixing, mixing
from harness.diagnosis.watch.torch_recorder import Recorder
from harness.diagnosis.watch.torch_replay import Replay, axes_confused
from harness.diagnosis.watch.torch_steps import step_gradients, steps_cut_off

MODES = (torch.nn.modules.dropout._DropoutNd, torch.nn.modules.batchnorm._BatchNorm)
"""Modules that do something else in evaluation than in training."""


MOST_TRAININGS = 24
"""Trainings that are asked, the longest: a script that adapts to tasks makes hundreds."""

MANY_ERASED = 3
"""Updates whose gradients are gone before they are made: from then on it is no accident."""


def observe(recorder: Recorder, training: Training, namespace: dict[str, Any]) -> Observations:
    """Assemble what is known of a training; runs its network again on recorded batches."""
    recorder.busy = True
    bare = Observations(losses=numbers(training.losses))
    kept = training.batches
    try:
        return recorder.guard.ask(bare, _observe, recorder, training, namespace)
    finally:
        training.batches = kept  # the loop may go on, and be asked about again
        recorder.busy = False


def observe_all(recorder: Recorder, namespace: dict[str, Any]) -> list[Observations]:
    """Observations of trainings that made an update, or failed before their first."""
    made = recorder.made
    recorder.guard.ask(None, hear, recorder, None)
    found = [t for t in made.trainings if t.losses]
    if not found and made.by_hand is not None and made.by_hand.steps > 2:
        found = [made.by_hand]
    longest = sorted(found, key=lambda t: (t.steps, t.last))[-MOST_TRAININGS:]
    return [observe(recorder, training, namespace) for training in found if training in longest]


def _observe(recorder: Recorder, training: Training, namespace: dict[str, Any]) -> Observations:
    ask = recorder.guard.ask  # what one question raises does not take the others away
    losses = numbers(training.losses)
    met = ask(Order(), order, training, recorder.loaders)
    epoch = met.batches_an_epoch
    training.batches = training.batches[:epoch]  # each record once
    variables = {**namespace, **training.namespace}
    replay = ask(None, Replay, training) if training.modules else None
    pipe = replay.pipe if replay else None
    ready = replay if replay is not None and replay.possible else None
    kept = ready.batches if ready else training.batches
    inputs, targets = joined([(b.inputs, b.target) for b in kept if b.inputs is not None])
    outputs, output_targets = joined([(b.output, b.target) for b in list(training.recent)[-epoch:]])
    arrays = ask([], arrays_of, variables, recorder.loaders)
    if training.time_first:
        arrays += [a.swapaxes(0, 1) for a in arrays if a.ndim > 1]
    lookup = Lookup(inputs, targets, arrays)
    evaluations = Evaluations(recorder.scores.evaluations, training, lookup, pipe)
    others = elsewhere(recorder, training)
    ran = set().union(*(used_in(t) for t in recorder.made.trainings))
    touch = ask(Mixing(), mixing, ready, regrouped=met.regrouped) if ready else Mixing()
    nothing = Validation(np.zeros(0), np.zeros(0))
    steps = ask(None, step_gradients, ready) if ready else None
    validation = ask(nothing, evaluations.validation)
    return Observations(
        losses=losses,
        objective=ask(np.zeros(0), numbers, training.objective),
        epochs=met.epochs,
        loss=_loss(training),
        optimizer=_optimizer(recorder, training),
        loop=ask(Loop(), _loop, recorder, training, evaluations, met, ready),
        layers=(*ask((), layers, training, others), *_functional(recorder)),
        parameters=ask((), parameters, training, others, waiting(recorder, training), ran),
        non_finite=_non_finite(recorder, losses),
        inputs=inputs,
        targets=targets,
        outputs=outputs,
        output_targets=output_targets,
        final_outputs=ask(None, ready.all_outputs) if ready else None,
        batches=tuple(as_array(b.target) for b in training.batches),
        relabelled=met.relabelled,
        permuted_alone=lookup.sorted_alone,
        alternatives=ask(
            (), alternatives, inputs, targets, variables, recorder.loaders, _beside(kept)
        ),
        step_gradient=steps,
        cut_steps=ask(0, steps_cut_off, ready, steps) if ready else 0,
        leak=touch.leak,
        partly=training.partly,
        across=touch.across,
        continued=_continued(recorder, training),
        renamed=recorder.renamed or ask("", viewed, inputs, variables, recorder.loaders),
        mixed=ask("", mixed, inputs, variables, recorder.loaders, met.batch or 1),
        readings=ask((), readings, training, evaluations.all, list(recorder.scores.decisions)),
        validation_losses=validation.losses,
        validation_outputs=validation.outputs,
        validation_targets=validation.targets,
        **ask({}, _modes, training, evaluations),
    )


def _beside(batches: list[Batch]) -> list[Array]:
    """What else the network was given for each record."""
    given = [[a for a in b.args[1:] if isinstance(a, torch.Tensor) and a.dim()] for b in batches]
    found = (joined([(t, t) for t in each])[0] for each in zip(*given, strict=False))
    return [array for array in found if array is not None]


def _functional(recorder: Recorder) -> tuple[Layer, ...]:
    """What a network drops, whether by a module or by a function."""
    return (Layer("dropout", "dropout", dropout=recorder.most_dropped),)


def _continued(recorder: Recorder, training: Training) -> bool:
    """Whether a training that began after this one had ended uses its weights."""
    later = [t for t in recorder.made.trainings if t.steps and t.first > training.last]
    return any(training.optimized & (t.optimized | t.registered) for t in later)


def elsewhere(recorder: Recorder, training: Training) -> set[int]:
    """Parameters, by ``id``, that another training of the script updates."""
    others = [t for t in recorder.made.trainings if t is not training and t.steps]
    return set().union(*(t.optimized for t in others)) - training.optimized


def waiting(recorder: Recorder, training: Training) -> set[int]:
    """Parameters, by ``id``, with a gradient, in an optimizer that never makes a step."""
    made = [optimizer for each in recorder.optimizers if (optimizer := each()) is not None]
    held = [p for each in made for group in each.param_groups for p in group["params"]]
    stepped = set().union(*(t.optimized for t in recorder.made.trainings))
    return (
        {id(p) for p in held if p.grad is not None and p.grad.any()} - stepped - training.optimized
    )


def _modes(training: Training, evaluations: Evaluations) -> dict[str, Any]:
    """What the last evaluation would have said in evaluation mode, where that matters."""
    if not _has_modes(training) or not _asked_once(evaluations):
        return {}
    as_made, instead, targets = evaluations.in_evaluation_mode()
    if as_made is None or instead is None or targets is None:
        return {}
    return {"evaluated": as_made, "evaluated_rightly": instead, "evaluated_targets": targets}


def _loss(training: Training) -> Loss:
    pair = training.pair
    if pair is None:
        return Loss(likelihood=training.likelihood)
    return Loss(
        kind=pair.kind,
        function=training.function,
        over_batch=training.over_batch,
        output_shape=tuple(pair.output.shape),
        target_shape=tuple(pair.target.shape),
        broadcast=training.broadcast,
        negated=training.negated > training.compared / 2 > 0,
        name=pair.name,
        likelihood=training.likelihood,
        weighted=pair.weighted,
        partial=training.more,
        ignored=pair.ignored,
        reshaped=any(axes_confused(batch) for batch in training.batches[:1]),
        integer_targets=not pair.target.is_floating_point(),
        same_unit=not pair.summed,
    )


def _optimizer(recorder: Recorder, training: Training) -> Optimizer:
    group = training.optimizer.param_groups[0]
    by_hand = training is recorder.made.by_hand
    return Optimizer(
        name=BY_HAND if by_hand else type(training.optimizer).__name__.lower(),
        rates=tuple(training.rates),
        momentum=float(group.get("momentum", 0.0) or 0.0),
        clip=recorder.clip,
        weight_decay=float(group.get("weight_decay", 0.0) or 0.0),
        meant=_meant(group),
    )


def _meant(group: dict[str, Any]) -> float | None:
    """The highest rate that PyTorch's schedules write into a group of parameters."""
    found = [group.get(key) for key in ("max_lr", "initial_lr")]
    return max((float(rate) for rate in found if isinstance(rate, (int, float))), default=None)


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
    evaluations: Evaluations,
    met: Order,
    replay: Replay | None,
) -> Loop:
    modes, asked = _has_modes(training), recorder.asked_modes
    in_eval = training.in_eval / training.passes if modes and training.passes else 0.0
    others = [t for t in recorder.made.trainings if t is not training and t.steps]
    carried = 0.0 if continues(training) else recorder.state.carried(training.children)
    return Loop(
        stale=max((zeroing.share for zeroing in training.zeroing.values()), default=0.0),
        erased=training.erased >= min(MANY_ERASED, training.steps) > 0,
        carried=1.0 if replay is not None and replay.remembers() else carried,
        in_eval=1.0 if asked and not asked[True] else in_eval,  # a Keras layer rests unless asked
        eval_then_train=modes and training.was_train and training.in_eval > 0,
        always_dropped=recorder.always_dropped if _asked_once(evaluations) else 0,
        shuffled=met.shuffled,
        regrouped=met.regrouped,
        batch=met.batch,
        records=met.records,
        cut=training.cut > training.steps / 2,
        interleaved=any(o.first < training.last and training.first < o.last for o in others),
    )


def _asked_once(evaluations: Evaluations) -> bool:
    """Whether no batch is evaluated several times at one point: repeated dropout is on purpose."""
    asked = [
        (e.step, float(e.inputs.double().sum())) for e in evaluations.all if e.inputs is not None
    ]
    return len(asked) == len(set(asked))


def _non_finite(recorder: Recorder, losses: Floats) -> NonFinite | None:
    bad = np.flatnonzero(~np.isfinite(losses))
    if recorder.failure is not None and (len(bad) or len(recorder.made.trainings) == 1):
        return recorder.failure
    return NonFinite(int(bad[0]), "loss") if len(bad) else None
