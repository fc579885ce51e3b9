"""What follows from the observations: how training ended, and measures that causes ask for."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

from functools import cached_property
from typing import Literal

import numpy as np

from harness.diagnosis.curve import Curve
from harness.diagnosis.observations import Parameter
from harness.diagnosis.plateau import Plateau, plateau
from harness.diagnosis.qualities import Qualities
from harness.diagnosis.scales import ELSEWHERE, Scale, apart, scale, together

Ending = Literal["good", "partial", "bad", "diverged", "unknown"]

TRIVIAL = 0.10
"""Below this share of a trivial guess's loss nothing was learnt: a constant output fitted to a
hundred records gains as much by chance."""

DECIDED = 0.35
"""Share of the majority guess's errors that are gone: more is learnt even if the loss hardly
shows it, as with a few confident mistakes."""

STILL = 0.02
"""A loss, or weights, that changed by less hardly took part in training."""

BY_HEART, LAGS = 0.9, 0.2
"""Share of a guess's errors that is gone on the training records, and by how much less on others,
where a network remembers its records: either may be so in a healthy training, not both often."""

TRIED = 10
"""Updates of which nobody expects a network to learn."""

BEHIND = 0.15
"""A simple model that is this much better shows that something costs, if not what."""

BEATEN = 0.25
"""A simple model that is this much better than the network shows that more could be learnt."""

STEEP = 0.1
"""Share of the fall in the last fifth of the updates: half of what a fifth brings on average."""

ALONG = 0.9
"""Correlation of outputs with targets that lie elsewhere than the training's: they tell them."""


class Facts(Qualities):
    """Derived quantities of one training."""

    @cached_property
    def inputs(self) -> Scale | None:
        """Offset and spread of the inputs, of all tensors of a record; ``None`` for tokens."""
        given = (self.seen.inputs, *self.seen.beside)
        numbers = [part for part in given if part is not None and part.dtype.kind == "f"]
        return together([scale(part) for part in numbers if part.size])

    @cached_property
    def targets(self) -> Scale | None:
        """Offset and spread of the targets of a regression."""
        values = self.seen.targets if self.seen.targets is not None else self.seen.output_targets
        if values is None or values.size == 0 or self.classifies:
            return None
        if not self.comparable or self.seen.loss.kind == "poisson":
            return None  # what is compared with them is not the output itself
        return scale(values.reshape(len(values), -1)) if values.ndim else None

    @cached_property
    def reached(self) -> float:
        """What the network reached: share of the trivial errors that are gone, best yardstick."""
        best, gone = self.best, self.seen.share_gone
        if best is None and gone is not None:
            return gone
        if best is None:
            return self.curve.drop if np.isfinite(self.curve.drop) else -np.inf
        known = max(best.skill, self.decided(best) if self.classifies else best.score)
        return max(known, gone if gone is not None else known)

    @cached_property
    def ending(self) -> Ending:
        """How training ended."""
        if self.seen.loop.interleaved:
            return "unknown"
        found = self.curve
        if not found.finite or self.overflowed:
            return "diverged"
        best, gone = self.best, self.seen.share_gone
        if best is None and gone is None:
            return self._ending_of_curve
        if best is None:
            return "good" if gone is not None and gone >= TRIVIAL else "bad"
        decided = self.classifies and max(
            self.decided(q) for q in (self.trained, self.final) if q is not None
        )
        judged = (q.skill for q in (self.trained, self.final) if q is not None)
        skill = max((*judged, gone if gone is not None else -np.inf))
        little = (not self.classifies or decided < DECIDED) and not self.attained
        if skill < TRIVIAL and (little or self._hedged(skill)):
            grew = found.end > 2 * abs(found.start) and skill < -1
            return "diverged" if grew else self._if_known("bad")
        if self.beaten or self.short:
            return self._if_known("partial")
        return "good"

    def _hedged(self, skill: float) -> bool:
        """Whether outputs have not left a guess: decisions that are hardly any, right or not.

        Where a few confident mistakes hide what was learnt, the loss has moved.
        """
        return self.classifies and abs(skill) < STILL and abs(self.curve.drop) < STILL

    def _if_known(self, ending: Ending) -> Ending:
        """An ending, where all of the objective is known: one part may give way to another."""
        return "unknown" if self.seen.loss.partial or self.tried else ending

    @property
    def tried(self) -> bool:
        """Whether a handful of batches, drawn in the loop, try if a program runs at all."""
        loop, once = self.seen.loop, (self.seen.epochs or 1) < 2
        return self.steps < TRIED and once and loop.shuffled is None

    @property
    def short(self) -> bool:
        """Whether less was reached on the training records than was asked for."""
        missed = self.seen.missed
        return missed is not None and missed.on == "train"

    @cached_property
    def attained(self) -> bool:
        """Whether the network gets out what a simple model finds: little, but all there is."""
        simple, best = self.learnable, self.best
        if simple is None or best is None or not simple.found:
            return False
        if self.classifies:
            decided = self.decided(best)
            return decided > 0.05 and decided >= 0.85 * simple.label_skill
        return best.score >= 0.85 * simple.skill

    @cached_property
    def _ending_of_curve(self) -> Ending:
        """Without outputs: a loss of the script's own may mean anything, so only what is plain."""
        found = self.curve
        if float(np.nanmin(self.seen.losses)) <= 0:
            return "unknown"
        if found.end > 2 * found.start:
            return "diverged"
        still = self.movement is not None and self.movement < STILL
        return "bad" if abs(found.drop) < STILL and still else "unknown"

    @cached_property
    def behind(self) -> float:
        """Points by which a simple model is better than the network on the same records."""
        simple, best = self.learnable, self.best
        if simple is None or best is None or not simple.found:
            return 0.0
        gone = self.seen.share_gone if self.seen.share_gone is not None else -np.inf
        if self.classifies:
            return simple.label_skill - max(self.decided(best), best.skill, gone)
        return simple.skill - max(best.score, gone)

    @property
    def lags(self) -> bool:
        """Whether it is better by more than chance: some of what there was to learn was lost."""
        return self.behind > BEHIND

    @property
    def beaten(self) -> bool:
        """Whether it is clearly better."""
        return self.behind > BEATEN

    @property
    def failed(self) -> bool:
        """Whether nothing, or clearly too little, was learnt."""
        return self.ending in {"bad", "partial", "diverged"}

    @property
    def steep(self) -> bool:
        """Whether much is left to gain, and a good part of the fall came at the end: it goes on."""
        return self.goes_on(self.curve)

    def goes_on(self, curve: Curve) -> bool:
        """The same of the losses up to some update."""
        return self.reached < 0.8 and curve.falling > STEEP and curve.slope_over_noise > 3

    @cached_property
    def by_heart(self) -> bool:
        """Whether training records were learnt, and others are told far worse."""
        train, new = self.best, self.validated
        if train is None or new is None or self.ending != "good":
            return False
        one, two = (q.label_skill if self.classifies else q.score for q in (train, new))
        return one > BY_HEART and one - two > LAGS

    @cached_property
    def in_another_unit(self) -> bool:
        """Whether outputs tell the targets of a validation, but lie nowhere near them.

        As scaled outputs beside targets that were never scaled: what is trained on lies elsewhere.
        """
        new, known, targets = self.validated, self.seen.targets, self.seen.validation_targets
        if new is None or known is None or targets is None or self.targets is None:
            return False
        return new.score < 0 and self.along > ALONG and apart(targets, known) > ELSEWHERE

    @cached_property
    def plateau(self) -> Plateau | None:
        """A plateau at the start, where accuracy shows less than the loss does."""
        best = self.best
        if best is None or not (self.classifies and best.labelled and self.in_own_unit):
            return None
        return plateau(self.seen.losses, best.trivial)

    @cached_property
    def matrices(self) -> tuple[Parameter, ...]:
        """Weight matrices that are trained, in the order of the forward pass."""
        found = [p for p in self.seen.parameters if p.is_matrix and p.optimized and p.trainable]
        return tuple(sorted(found, key=lambda p: p.depth))

    @cached_property
    def movement(self) -> float | None:
        """Median over matrices: all updates together, relative to the starting weights."""
        ratios = [p.moved / p.weight for p in self.matrices if p.moved is not None and p.weight > 0]
        return float(np.median(ratios)) if ratios else None

    @cached_property
    def first_gradient(self) -> float | None:
        """Norm of the whole gradient at the first update."""
        norms = [p.gradients[0] for p in self.seen.parameters if p.gradients]
        return float(np.sqrt(np.sum(np.square(norms)))) if norms else None

    @cached_property
    def rate(self) -> float | None:
        """Highest learning rate that was used."""
        rates = self.seen.optimizer.rates
        return max(rates) if rates else None

    @cached_property
    def steps(self) -> int:
        """Updates."""
        return len(self.seen.losses)

    @cached_property
    def steps_an_epoch(self) -> float | None:
        """Updates in one pass over the data."""
        loop = self.seen.loop
        if not loop.records or not loop.batch:
            return None
        return max(1.0, loop.records / loop.batch)

    @property
    def overflowed(self) -> bool:
        """Whether what was asked for could not even be measured at the end."""
        missed = self.seen.missed
        return missed is not None and not np.isfinite(missed.reached)

    @cached_property
    def restless(self) -> bool:
        """Whether the loss on all training records went up and down at the end of each epoch."""
        missed = self.seen.missed
        return missed is not None and missed.restless and missed.on == "train"
