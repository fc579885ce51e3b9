"""The gradient of a Keras model's loss, by the engine that this process runs."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

Gradient = Callable[..., list[np.ndarray]]
"""Takes inputs, targets and record weights (or ``None``); one array a trained variable."""


def make_gradient(model: Any) -> Gradient:
    """Return a function for the gradient of the loss by ``model.trainable_variables``.

    It draws dropout masks of its own; those of the step itself are inside `train_on_batch`.
    """
    match keras.backend.backend():
        case "jax":
            return _jax(model)
        case "tensorflow":
            return _tensorflow(model)
        case _:
            return _torch(model)


def _jax(model: Any) -> Gradient:
    import jax  # noqa: PLC0415  # only where it is the engine

    def loss(trained: Any, other: Any, x: Any, y: Any, weight: Any) -> Any:
        outputs, _ = model.stateless_call(trained, other, x, training=True)
        return model.loss(y, outputs, sample_weight=weight)

    derivative = jax.jit(jax.grad(loss))

    def gradient(x: Any, y: Any, weight: Any) -> list[Any]:
        trained = [variable.value for variable in model.trainable_variables]
        other = [variable.value for variable in model.non_trainable_variables]
        return [np.asarray(part) for part in derivative(trained, other, x, y, weight)]

    return gradient


def _tensorflow(model: Any) -> Gradient:
    import tensorflow as tf  # noqa: PLC0415  # only where it is the engine

    @tf.function  # type: ignore[untyped-decorator]  # TensorFlow is untyped
    def derivative(x: Any, y: Any, weight: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = model.loss(y, model(x, training=True), sample_weight=weight)
        return tape.gradient(loss, [variable.value for variable in model.trainable_variables])

    def gradient(x: Any, y: Any, weight: Any) -> list[Any]:
        return [part.numpy() for part in derivative(x, y, weight)]

    return gradient


def _torch(model: Any) -> Gradient:
    import torch  # noqa: PLC0415  # only where it is the engine

    def gradient(x: Any, y: Any, weight: Any) -> list[Any]:
        loss = model.loss(y, model(x, training=True), sample_weight=weight)
        trained = [variable.value for variable in model.trainable_variables]
        return [part.numpy() for part in torch.autograd.grad(loss, trained)]

    return gradient
