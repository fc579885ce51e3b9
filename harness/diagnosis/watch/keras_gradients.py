"""Gradients of a Keras network at its starting weights, on whichever engine it runs."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it
# ruff: noqa: PLC0415 - torch and Keras are imported when they are needed
# ruff: noqa: SLF001 - the frameworks' own kinds are private

import inspect
from typing import Any

import numpy as np

from harness.diagnosis.watch.keras_training import KerasTraining
from harness.diagnosis.watch.quiet import quiet


def gradients(training: KerasTraining, x: Any, y: Any) -> tuple[dict[str, float], Any]:
    """Norm for each weight, by path, and for each time step of the input; empty if impossible.

    Args:
        training: its network holds the weights at which gradients are wanted.
        x: one batch of inputs.
        y: its targets.
    """
    import keras

    engine = {"jax": _jax, "torch": _torch, "tensorflow": _tensorflow}.get(keras.backend.backend())
    if engine is None:
        return {}, None
    try:
        with quiet():
            weights, inputs = engine(training.model, np.asarray(x), np.asarray(y))
    except Exception:  # noqa: BLE001 - a user's own layer may refuse anything
        return {}, None
    names = [w.path for w in training.model.trainable_weights]
    norms = {
        name: float(np.linalg.norm(np.asarray(g)))
        for name, g in zip(names, weights, strict=True)
        if g is not None
    }
    if inputs is None or np.ndim(inputs) != 3:
        return norms, None
    each = np.asarray(inputs)
    return norms, np.sqrt((each**2).sum((0, 2)))


def _jax(model: Any, x: Any, y: Any) -> tuple[Any, Any]:
    import jax
    import jax.numpy as jnp

    trainable = [w.value for w in model.trainable_weights]
    others = [w.value for w in model.non_trainable_variables]

    asks = inspect.signature(model.call).parameters  # a subclass may have no mode
    mode = {"training": False} if "training" in asks else {}

    def value(weights: Any, inputs: Any) -> Any:
        out, _ = model.stateless_call(weights, others, inputs, **mode)
        return jnp.mean(model._compile_loss(y, out))

    whole = np.asarray(x).dtype.kind in "iu"
    if whole:
        return jax.jit(jax.grad(value))(trainable, x), None
    both: tuple[Any, Any] = jax.jit(jax.grad(value, argnums=(0, 1)))(
        trainable, jnp.asarray(x, "float32")
    )
    return both


def _torch(model: Any, x: Any, y: Any) -> tuple[Any, Any]:
    import keras
    import torch

    inputs = keras.ops.convert_to_tensor(x)
    floating = inputs.is_floating_point()
    if floating:
        inputs = inputs.detach().float().requires_grad_()
    weights = [w.value for w in model.trainable_weights]
    with torch.enable_grad():
        loss = model._compile_loss(keras.ops.convert_to_tensor(y), model(inputs, training=False))
        found = torch.autograd.grad(
            loss.mean(), [*weights, inputs] if floating else weights, allow_unused=True
        )
    plain = [None if g is None else g.detach().cpu().numpy() for g in found]
    return plain[: len(weights)], plain[-1] if floating else None


def _tensorflow(model: Any, x: Any, y: Any) -> tuple[Any, Any]:
    import tensorflow as tf

    inputs = tf.convert_to_tensor(x)
    weights = [w.value for w in model.trainable_weights]
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(inputs)
        loss = tf.reduce_mean(model._compile_loss(y, model(inputs, training=False)))
    return tape.gradient(loss, weights), tape.gradient(loss, inputs)
