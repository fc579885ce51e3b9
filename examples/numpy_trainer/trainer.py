"""Logistic regression by gradient descent, in plain NumPy."""

import numpy as np

RATE = 0.05
BATCH = 32


def records(seed):
    """Two clouds of points in ten dimensions, and which of them each is from."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, 512)
    points = rng.normal(size=(512, 10)) + 0.6 * (2 * labels[:, None] - 1)
    return points, labels


def fit(points, labels, seed, epochs=60):
    """Train; yield the weights after each epoch."""
    rng = np.random.default_rng([seed, 1])
    weights = np.zeros(points.shape[1])
    for _ in range(epochs):
        order = rng.permutation(len(points))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            predicted = 1 / (1 + np.exp(-points[batch] @ weights))
            weights -= RATE * points[batch].T @ (predicted - labels[batch]) / len(batch)
        yield weights


def loss(points, labels, weights):
    """Return the mean cross-entropy."""
    margins = (2 * labels - 1) * (points @ weights)
    return np.log1p(np.exp(-margins)).mean()
