"""The ensemble's dropout masks, drawn twice."""

from itertools import pairwise

from harness.probes.ensemble.run import SEEDS, open_run
from harness.probes.toolkit.check import conclude, exactly
from harness.probes.toolkit.masks import correlation, independence, mean
from harness.probes.toolkit.subject import Subject
from harness.results.probe import Probe

DRAWS = 64
"""Timesteps and records that masks are drawn for: 4096 numbers a unit."""


def masks(subject: Subject) -> Probe:
    """Draw masks twice: never the same, none of two seeds alike, mean 1, zeros as declared."""
    rate = subject.case.model.dropout
    with open_run(subject) as run:
        if run.dropout is None:
            return conclude("masks", "no dropout declared", [exactly("masks drawn", 0)])
        drawn = [run.dropout.masks(DRAWS, DRAWS) for _ in range(2)]
    zeros = [[(mask == 0).double() for mask in masks] for masks in drawn]
    checks = [mean(f"layer {n}", mask, rate) for n, mask in enumerate(drawn[0])]
    for n, (one, again) in enumerate(zip(*zeros, strict=True)):
        checks += [
            correlation(f"layer {n}: masks of two calls", one, again, rate),
            correlation(f"layer {n}: masks of two seeds", one[:, 0], one[:, 1], rate),
            *independence(f"layer {n}", one[:, 0], rate),
        ]
    checks += [
        correlation("masks of two layers", one, other, rate)
        for one, other in pairwise(zeros[0])
        if one.shape == other.shape
    ]
    return conclude("masks", f"dropout {rate:g} of {len(SEEDS)} seeds", checks)
