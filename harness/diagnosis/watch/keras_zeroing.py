"""Does a `train_step` of one's own on PyTorch zero the gradients that an update has used?"""
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
            training.updated |= training.optimizer is optimizer
        return original(optimizer, *args, **kwargs)

    return apply


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
        gradients = [weight.value.grad for weight in training.model.trainable_weights]
        training.looked += 1
        training.stale += any(g is not None and bool(g.any()) for g in gradients)
    training.updated = False
