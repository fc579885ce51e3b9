"""The losses, each with its gradient with respect to the outputs."""

import numpy as np

from harness.dataset import Dataset
from harness.reference.activation import Array
from harness.scenario import Training


def declared_loss(
    training: Training, data: Dataset, outputs: Array, targets: Array
) -> tuple[Array, Array]:
    """Return the declared loss of rows `[rows, outputs]` and its gradient by the outputs."""
    weights = data.class_weights
    match training.loss or ("cross_entropy" if data.classes else "mse"):
        case "cross_entropy":
            return cross_entropy(outputs, targets, weights, training.label_smoothing)
        case "bce":
            positive = 1.0 if weights is None else float(weights[1] / weights[0])
            return binary_cross_entropy(outputs, targets, positive)
        case "mae":
            return absolute_error(outputs, targets)
        case "huber":
            return huber(outputs, targets, training.huber_delta)
        case _:
            return squared_error(outputs, targets)


def cross_entropy(
    logits: Array, labels: Array, class_weights: Array | None, smoothing: float = 0.0
) -> tuple[Array, Array]:
    """Return the mean of ``-log softmax(logits)[label]``, weighted by class, and its gradient.

    Args:
        logits: `[records, classes]`.
        labels: `[records]`, integers.
        class_weights: `[classes]`, or ``None`` for equal ones; the mean divides by their sum.
        smoothing: the share of every label that is spread over all classes (Szegedy et al. 2016),
            each class by its weight.
    """
    records = np.arange(len(labels))
    shifted = logits - logits.real.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(shifted).sum(axis=1))
    of_classes = np.ones(logits.shape[1]) if class_weights is None else class_weights
    total = of_classes[labels].sum()
    weights = (of_classes[labels] / total).astype(logits.dtype)
    loss = (weights * (log_sum - shifted[records, labels])).sum()
    chances = np.exp(shifted - log_sum[:, None])
    gradient = chances.copy()
    gradient[records, labels] -= 1
    gradient *= weights[:, None]
    if not smoothing:
        return loss, gradient
    shares = (of_classes / (len(of_classes) * total)).astype(logits.dtype)
    spread = (shares * (log_sum[:, None] - shifted)).sum()
    slope = chances * shares.sum() - shares
    return (1 - smoothing) * loss + smoothing * spread, (
        (1 - smoothing) * gradient + smoothing * slope
    )


def binary_cross_entropy(logits: Array, labels: Array, positive: float) -> tuple[Array, Array]:
    """Return the mean of ``-log`` of each label's chance, ``sigmoid(logit)`` that of label 1.

    Args:
        logits: `[records, outputs]`.
        labels: `[records]` for one output, else `[records, outputs]`; 0 or 1.
        positive: how often a label 1 counts.
    """
    y = labels.reshape(logits.shape).astype(logits.dtype)
    larger = np.maximum(logits.real, 0)
    of_zero = larger + np.log(np.exp(logits - larger) + np.exp(-larger))  # -log(1 - sigmoid)
    loss = (positive * y * (of_zero - logits) + (1 - y) * of_zero).mean()
    chance = np.exp(logits - of_zero)
    return loss, (chance * (1 - y + positive * y) - positive * y) / y.size


def squared_error(outputs: Array, targets: Array) -> tuple[Array, Array]:
    """Return the mean of ``(outputs - targets) ** 2`` and its gradient by the outputs.

    Args:
        outputs: `[records, outputs]`.
        targets: `[records]` for one output, else `[records, outputs]`.
    """
    error = _error(outputs, targets)
    return (error * error).mean(), 2 * error / error.size


def absolute_error(outputs: Array, targets: Array) -> tuple[Array, Array]:
    """Return the mean of ``|outputs - targets|`` and its gradient, as `squared_error` does."""
    error = _error(outputs, targets)
    sign = np.sign(error.real).astype(outputs.dtype)
    return (sign * error).mean(), sign / error.size


def huber(outputs: Array, targets: Array, delta: float) -> tuple[Array, Array]:
    """Return half the squared error, linear beyond ``delta`` (Huber 1964), and its gradient."""
    error = _error(outputs, targets)
    sign, near = np.sign(error.real).astype(outputs.dtype), np.abs(error.real) <= delta
    loss = np.where(near, error * error / 2, delta * (sign * error - delta / 2)).mean()
    return loss, np.where(near, error, delta * sign) / error.size


def _error(outputs: Array, targets: Array) -> Array:
    error: Array = outputs - targets.reshape(outputs.shape).astype(outputs.dtype)
    return error
