"""How good outputs are, and what there was to learn: each computed once, when it is asked for."""

import math
from functools import cached_property

import numpy as np

from harness.diagnosis.canonical import CLASSIFYING, OWN_UNIT, Quality, quality, rows
from harness.diagnosis.curve import Curve, curve
from harness.diagnosis.learnable import Learnable, learnable
from harness.diagnosis.observations import Array, Observations
from harness.diagnosis.scales import correlation

FEWEST_NEW = 10
"""Records of a validation: of fewer, half of a share of 0.5 is seen by chance."""

TOLD = 4.0
"""Standard errors beyond what is owed to chance: it reaches that once in 30,000."""


class Qualities:
    """Judgements of the outputs of one training, and of what simple models make of its records."""

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
    def best(self) -> Quality | None:
        """The better of training and evaluation mode at the end."""
        found = [q for q in (self.trained, self.final) if q is not None]
        return max(found, key=lambda q: max(q.skill, q.label_skill)) if found else None

    def decided(self, found: Quality) -> float:
        """Share of a guess's wrong decisions that are gone.

        Where classes are weighted the mean recall counts: rare ones are bought with errors on the
        others, on purpose.
        """
        weighted = self.seen.loss.weighted
        return max(found.label_skill, found.balanced_skill) if weighted else found.label_skill

    @cached_property
    def validated(self) -> Quality | None:
        """How good the last validation was; ``None`` on too few records to tell."""
        outputs = self.seen.validation_outputs
        if outputs is None or len(outputs) < FEWEST_NEW:
            return None
        return self._judge(outputs, self.seen.validation_targets)

    @cached_property
    def along(self) -> float:
        """Correlation of outputs with the targets of a validation, of one number a record each."""
        outputs, targets = self.seen.validation_outputs, self.seen.validation_targets
        if outputs is None or targets is None or outputs.size != targets.size:
            return 0.0
        return correlation(outputs, targets) if outputs.size >= FEWEST_NEW else 0.0

    @property
    def told_anew(self) -> float:
        """Standard errors by which outputs go along with the targets of a validation."""
        outputs = self.seen.validation_outputs
        records = 0 if outputs is None else outputs.size
        return self.along * math.sqrt(records / max(1 - self.along**2, 1e-12))

    @cached_property
    def weights(self) -> int:
        """Numbers that the optimizer trains."""
        return sum(p.size for p in self.seen.parameters if p.optimized and p.trainable)

    @cached_property
    def beyond_chance(self) -> bool:
        """Whether more was learnt of the training records than its weights could learn of noise.

        Of noise, twice the gain in log-likelihood is chi-squared with a degree of freedom a weight
        (Wilks 1938); beyond its mean by `TOLD` of its standard deviations there is a signal.
        """
        if self.final is None:
            return False
        weights = self.weights
        return 2 * self.final.gained > weights + TOLD * math.sqrt(2 * weights)

    @cached_property
    def evaluated(self) -> tuple[Quality, Quality] | None:
        """How good the last evaluation was in training mode, and would be in evaluation mode."""
        seen = self.seen
        as_made = self._judge(seen.evaluated, seen.evaluated_targets)
        instead = self._judge(seen.evaluated_rightly, seen.evaluated_targets)
        return (as_made, instead) if as_made is not None and instead is not None else None

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
            seen.inputs,
            seen.targets,
            classes=self.classifies,
            ignored=seen.loss.ignored,
            beside=seen.beside,
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


def _given_back(inputs: Array, targets: Array) -> bool:
    """Whether the inputs, perhaps with noise on them, explain half of the targets as they are."""
    if inputs.size != targets.size or len(inputs) != len(targets):
        return False
    x, y = (np.asarray(each, np.float64).reshape(len(each), -1) for each in (inputs, targets))
    spread = float(y.var(0).mean())
    return spread > 0 and float(((x - y) ** 2).mean()) < spread / 2
