"""The numerical checks before training, by the names that files and reports have for them."""

from typing import Literal, get_args

ProbeName = Literal[
    "reference_steps",
    "small_gradients",
    "layers",
    "loss",
    "gradient",
    "modes",
    "optimizer",
    "batches",
    "initialisation",
    "schedule",
    "clipping",
    "zeroing",
    "seed_independence",
    "masks",
    "precision",
    "loss_scaling",
    "reference_steps_declared",
    "layers_declared",
    "gradient_declared",
    "zeroing_declared",
]

PROBES: tuple[ProbeName, ...] = get_args(ProbeName)

DECLARED = "_declared"
"""Ends the name of a probe that asks the question of its namesake at the declared sizes."""
