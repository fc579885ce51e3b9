"""Outputs of a Keras network that has several, each with its own loss, function and targets."""
# ruff: noqa: SLF001 - which layer makes an output is kept beside it

from collections.abc import Iterator
from typing import Any

import numpy as np

from harness.diagnosis.causes.data import unscaled_targets
from harness.diagnosis.causes.loss import wrong_loss
from harness.diagnosis.causes.output import wrong_output_activation
from harness.diagnosis.facts import Facts
from harness.diagnosis.observations import Array, Loss, Observations
from harness.diagnosis.watch.keras_answers import class_numbers
from harness.diagnosis.watch.keras_data import array
from harness.diagnosis.watch.keras_layers import output_function
from harness.diagnosis.watch.keras_loss import by_name, described
from harness.diagnosis.watch.keras_training import KerasTraining

Head = tuple[Loss, Array, Array]
"""Loss, outputs and targets `[records, ...]`."""


def mistaken_head(training: KerasTraining, answers: Any, y: Any) -> Head | None:
    """The first output that its own function, loss or targets keep from being learnt, if any."""
    return next((head for head in heads(training, answers, y) if _mistaken(training, head)), None)


def heads(training: KerasTraining, answers: Any, y: Any) -> Iterator[Head]:
    """Outputs of a network made of a graph of layers, which says what each ends in.

    Args:
        training: its network, and the losses it was compiled with.
        answers: `[records, ...]` of each output, in a list or by name.
        y: targets, in a list or by name.
    """
    model = training.model
    names = list(answers) if isinstance(answers, dict) else list(model.output_names)
    made = model._outputs_struct
    for at, name in enumerate(names):
        given, target = (_of(part, name, at) for part in (model.loss, y))
        output, goal = array(_of(answers, name, at)), array(target)
        if given is None or output is None or goal is None:
            continue
        function = output_function(_of(made, name, at)._keras_history.operation)
        yield described(training, given, by_name(given), function, output, goal), output, goal


def _of(parts: Any, name: str, at: int) -> Any:
    """What belongs to one output; what is not nested belongs to all."""
    if isinstance(parts, dict):
        return parts.get(name)
    return parts[at] if isinstance(parts, (list, tuple)) else parts


def _mistaken(training: KerasTraining, head: Head) -> bool:
    loss, outputs, targets = head
    seen = Observations(
        losses=np.array(training.losses),
        framework="keras",
        loss=loss,
        targets=class_numbers(loss, targets, outputs),
        final_outputs=outputs,
        raw_outputs=outputs,
    )
    facts = Facts(seen)
    causes = (wrong_output_activation, wrong_loss, unscaled_targets)
    return any(cause(facts) is not None for cause in causes)
