"""What follows from the observations: each fact computed once, when a cause asks for it."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from harness.diagnosis.canonical import CLASSIFYING, OWN_UNIT, Quality, quality, rows
from harness.diagnosis.curve import Curve, curve
from harness.diagnosis.learnable import Learnable, learnable
from harness.diagnosis.observations import Array, Observations, Parameter

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

FEWEST_NEW = 10
"""Records of a validation: of fewer, half of a share of 0.5 is seen by chance."""

BEATEN = 0.25
"""A simple model that is this much better than the network shows that more could be learnt."""


@dataclass(frozen=True)
class Scale:
    """Offset and spread of numbers.

    Attributes:
        offset: largest absolute mean of a feature.
        spread: largest standard deviation of a feature.
        smallest: smallest standard deviation of a feature that is not constant.
        largest: largest absolute value.
    """

    offset: float
    spread: float
    smallest: float
    largest: float

    @property
    def ratio(self) -> float:
        """Largest spread of a feature over the smallest."""
        return self.spread / self.smallest if self.smallest > 0 else 1.0


def scale(values: Array) -> Scale:
    """Measure values `[records, ..., features]`, each feature over records and time."""
    flat = values.reshape(-1, values.shape[-1]) if values.ndim > 1 else values.reshape(-1, 1)
    flat = np.where(np.isfinite(flat), flat, 0.0).astype(np.float64)
    spread = flat.std(0)
    varied = spread[spread > 1e-9]
    return Scale(
        offset=float(np.abs(flat.mean(0)).max()),
        spread=float(spread.max()),
        smallest=float(varied.min()) if len(varied) else 0.0,
        largest=float(np.abs(flat).max()),
    )


class Facts:
    """Derived quantities of one training."""

    def __init__(self, seen: Observations) -> None:
        self.seen = seen

    @cached_property
    def curve(self) -> Curve:
        """Shape of the loss curve."""
        return curve(self.seen.losses)

    @cached_property
    def classifies(self) -> bool:
        """Whether classes are told apart, by the loss or by the targets."""
        return self.seen.loss.kind in CLASSIFYING

    @property
    def comparable(self) -> bool:
        """Whether it is known how outputs and targets belong together."""
        return self.seen.loss.kind != "other"

    @property
    def in_own_unit(self) -> bool:
        """Whether what a constant guess costs is known in the loss's own unit."""
        return self.seen.loss.kind in OWN_UNIT and self.seen.loss.same_unit

    def _judge(self, outputs: Array | None, targets: Array | None) -> Quality | None:
        if outputs is None or targets is None or len(outputs) == 0 or not self.comparable:
            return None
        found = rows(self.seen.loss.kind, outputs, targets, self.seen.loss.ignored)
        return quality(self.seen.loss.kind, found) if found is not None else None

    @cached_property
    def trained(self) -> Quality | None:
        """How good the outputs of the last epoch were, while training."""
        return self._judge(self.seen.outputs, self.seen.output_targets)

    @cached_property
    def final(self) -> Quality | None:
        """How good the trained network is on its training records, in evaluation mode."""
        return self._judge(self.seen.final_outputs, self.seen.targets)

    @property
    def skill_while_training(self) -> float | None:
        """Share of a trivial guess's loss that is gone in the last updates, with dropout on."""
        if self.trained is not None:
            return self.trained.skill
        if self.final is None or not self.in_own_unit or not self.final.trivial > 0:
            return None
        return 1 - self.curve.end / self.final.trivial

    @cached_property
    def validated(self) -> Quality | None:
        """How good the last validation was; ``None`` on too few records to tell."""
        outputs = self.seen.validation_outputs
        if outputs is None or len(outputs) < FEWEST_NEW:
            return None
        return self._judge(outputs, self.seen.validation_targets)

    @cached_property
    def told_anew(self) -> float:
        """Standard errors by which one output goes along with the targets of a validation."""
        outputs, targets = self.seen.validation_outputs, self.seen.validation_targets
        if outputs is None or targets is None or outputs.size != targets.size:
            return 0.0
        one, two = (values.reshape(-1).astype(np.float64) for values in (outputs, targets))
        size = float(one.std() * two.std())
        if len(one) < FEWEST_NEW or not np.isfinite(size) or size == 0:
            return 0.0
        along = float(np.mean((one - one.mean()) * (two - two.mean()))) / size
        return along * math.sqrt(len(one) / max(1 - along**2, 1e-12))

    @cached_property
    def evaluated(self) -> tuple[Quality, Quality] | None:
        """How good the last evaluation was in training mode, and would be in evaluation mode."""
        seen = self.seen
        as_made = self._judge(seen.evaluated, seen.evaluated_targets)
        instead = self._judge(seen.evaluated_rightly, seen.evaluated_targets)
        return (as_made, instead) if as_made is not None and instead is not None else None

    @cached_property
    def best(self) -> Quality | None:
        """The better of training and evaluation mode at the end."""
        found = [q for q in (self.trained, self.final) if q is not None]
        return max(found, key=lambda q: max(q.skill, q.label_skill)) if found else None

    @cached_property
    def learnable(self) -> Learnable | None:
        """What simple models get out of the same records.

        ``None`` where the targets are the inputs: to give them back is easy for all but a network
        that has to squeeze them through a code, as an autoencoder does on purpose.
        """
        seen = self.seen
        if seen.inputs is None or seen.targets is None or _given_back(seen.inputs, seen.targets):
            return None
        return learnable(
            seen.inputs, seen.targets, classes=self.classifies, ignored=seen.loss.ignored
        )

    @cached_property
    def learnable_anywhere(self) -> Learnable | None:
        """The same with records that were not trained on: whether there is a signal at all."""
        seen = self.seen
        if seen.inputs is None or seen.targets is None or seen.more_inputs is None:
            return self.learnable
        inputs = np.concatenate([seen.inputs, seen.more_inputs])
        targets = np.concatenate([seen.targets, np.asarray(seen.more_targets)])
        return learnable(inputs, targets, classes=self.classifies)

    @cached_property
    def inputs(self) -> Scale | None:
        """Offset and spread of the inputs; ``None`` for tokens."""
        values = self.seen.inputs
        if values is None or values.dtype.kind != "f" or values.size == 0:
            return None
        return scale(values)

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
        if skill < TRIVIAL and (not self.classifies or decided < DECIDED) and not self.attained:
            grew = found.end > 2 * abs(found.start) and skill < -1
            return "diverged" if grew else self._if_known("bad")
        if self.beaten or self.short:
            return self._if_known("partial")
        return "good"

    def _if_known(self, ending: Ending) -> Ending:
        """An ending, where all of the objective is known: one part may give way to another."""
        return "unknown" if self.seen.loss.partial or self.tried else ending

    @property
    def tried(self) -> bool:
        """Whether a handful of batches, drawn in the loop, try if a program runs at all."""
        loop, once = self.seen.loop, (self.seen.epochs or 1) < 2
        return self.steps < TRIED and once and loop.shuffled is None

    def decided(self, found: Quality) -> float:
        """Share of a guess's wrong decisions that are gone.

        Where classes are weighted the mean recall counts: rare ones are bought with errors on the
        others, on purpose.
        """
        weighted = self.seen.loss.weighted
        return max(found.label_skill, found.balanced_skill) if weighted else found.label_skill

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
    def beaten(self) -> bool:
        """Whether it is clearly better."""
        return self.behind > BEATEN

    @property
    def failed(self) -> bool:
        """Whether nothing, or clearly too little, was learnt."""
        return self.ending in {"bad", "partial", "diverged"}

    @cached_property
    def by_heart(self) -> bool:
        """Whether training records were learnt, and others are told far worse."""
        train, new = self.best, self.validated
        if train is None or new is None or self.ending != "good":
            return False
        one, two = (q.label_skill if self.classifies else q.score for q in (train, new))
        return one > BY_HEART and one - two > LAGS

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


def _given_back(inputs: Array, targets: Array) -> bool:
    """Whether the inputs, perhaps with noise on them, explain half of the targets as they are."""
    if inputs.size != targets.size or len(inputs) != len(targets):
        return False
    x, y = (np.asarray(each, np.float64).reshape(len(each), -1) for each in (inputs, targets))
    spread = float(y.var(0).mean())
    return spread > 0 and float(((x - y) ** 2).mean()) < spread / 2
