"""Does a `train_step` of one's own on PyTorch zero the gradients that an update has used?"""
# ruff: noqa: SLF001 - which weights an optimizer holds is private
# ruff: noqa: PLC0415 - torch and Keras are imported when they are needed

import functools
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harness.diagnosis.watch.keras_recorder import KerasRecorder

MOST_LOOKS = 50
"""Updates at the start that are looked at: to zero gradients is a loop's habit."""


def install(recorder: "KerasRecorder") -> None:
    """Listen to updates and to backward passes, where there are any: on PyTorch."""
    import keras

    if keras.backend.backend() != "torch":
        return
    import torch

    recorder.patches.replace(keras.optimizers.Optimizer, "apply", partial(_apply, recorder))
    recorder.patches.replace(torch.autograd, "backward", partial(_backward, recorder))


def _apply(recorder: "KerasRecorder", original: Callable[..., Any]) -> Any:
    @functools.wraps(original)
    def apply(optimizer: Any, *args: Any, **kwargs: Any) -> Any:
        for training in recorder.trainings:
            if training.optimizer is optimizer:
                training.updated = recorder.guard.ask([], _given, optimizer, args, kwargs)
        return original(optimizer, *args, **kwargs)

    return apply


def _given(optimizer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
    """Weights that an update is made of; a network may hold others, as of a teacher."""
    named = kwargs.get("trainable_variables", args[1] if len(args) > 1 else None)
    return list(optimizer._trainable_variables if named is None else named)


def _backward(recorder: "KerasRecorder", original: Callable[..., Any]) -> Any:
    @functools.wraps(original)
    def backward(*args: Any, **kwargs: Any) -> Any:
        recorder.guard.ask(None, _look, recorder)
        return original(*args, **kwargs)

    return backward


def _look(recorder: "KerasRecorder") -> None:
    """Look at the gradients of the network that is being trained: others keep theirs."""
    training = recorder.current
    if training is None:
        return
    if training.updated and training.looked < MOST_LOOKS:
        gradients = [weight.value.grad for weight in training.updated]
        training.looked += 1
        training.stale += any(g is not None and bool(g.any()) for g in gradients)
    training.updated = []
