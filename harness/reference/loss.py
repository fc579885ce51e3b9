"""The two losses, each with its gradient with respect to the outputs."""

import numpy as np

from harness.reference.activation import Array


def cross_entropy(logits: Array, labels: Array, class_weights: Array | None) -> tuple[Array, Array]:
    """Return the mean of ``-log softmax(logits)[label]``, weighted by class, and its gradient.

    Args:
        logits: `[records, classes]`.
        labels: `[records]`, integers.
        class_weights: `[classes]`, or ``None`` for equal ones; the mean divides by their sum.
    """
    records = np.arange(len(labels))
    shifted = logits - logits.real.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(shifted).sum(axis=1))
    weights = np.ones(len(labels)) if class_weights is None else class_weights[labels]
    weights = (weights / weights.sum()).astype(logits.dtype)
    loss = (weights * (log_sum - shifted[records, labels])).sum()
    gradient = np.exp(shifted - log_sum[:, None])
    gradient[records, labels] -= 1
    return loss, gradient * weights[:, None]


def squared_error(outputs: Array, targets: Array) -> tuple[Array, Array]:
    """Return the mean of ``(outputs - targets) ** 2`` and its gradient by the outputs.

    Args:
        outputs: `[records, outputs]`.
        targets: `[records]` for one output, else `[records, outputs]`.
    """
    error = outputs - targets.reshape(outputs.shape).astype(outputs.dtype)
    return (error * error).mean(), 2 * error / error.size
