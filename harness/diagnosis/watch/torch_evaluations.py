"""What a script's evaluations say: forward passes without gradient, and their targets."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from harness.diagnosis.canonical import Quality, quality, rows
from harness.diagnosis.observations import Array, Floats, LossKind
from harness.diagnosis.watch.arrays import as_array, joined
from harness.diagnosis.watch.lookup import Lookup
from harness.diagnosis.watch.records import Evaluation, Training
from harness.diagnosis.watch.tensors import Keys, parts_of
from harness.diagnosis.watch.torch_replay import Pipe, undisturbed

MOST_SETS, LARGE = 4, 50
"""Evaluations at one point that are sets of records, not batches of one, and records in each."""


@dataclass(frozen=True)
class Validation:
    """Quality on records that are not trained on, one value an evaluation, and the last outputs."""

    losses: Floats
    scores: Floats
    outputs: Array | None = None
    targets: Array | None = None


class Evaluations:
    """The evaluations of one training's network.

    Args:
        seen: forward passes without gradient.
        training: whose network they use.
        lookup: finds targets in the script's arrays.
        pipe: from the network's output to what the loss takes.
    """

    def __init__(
        self, seen: list[Evaluation], training: Training, lookup: Lookup, pipe: Pipe | None
    ) -> None:
        self.all = [e for e in seen if id(e.module) in training.modules]
        pair = training.pair  # where padding weighs nothing, evaluations do not say what it is
        self.kind: LossKind = pair.kind if pair and not pair.masked else "other"
        self._lookup = lookup
        self._pipe = pipe
        self._keys = Keys()
        self._time_first = training.time_first
        self._known = {key for keys, _ in training.keys for key in keys.tolist()}

    def validation(self) -> Validation:
        """Losses and accuracies on records that are not trained on."""
        found: dict[int, list[tuple[Array, Array]]] = {}
        for evaluation in self.all:
            pair = None if self._on_training(evaluation) else self._labelled(evaluation)
            if pair is not None:
                found.setdefault(evaluation.step, []).append(pair)
        losses, scores = [], []
        last: tuple[Array | None, Array | None] = (None, None)
        for step in sorted(found):
            whole = joined(found[step])
            judged = self._judge(*whole)
            if judged is None:
                continue
            losses.append(judged.loss)
            scores.append(judged.score)
            last = self._best(found[step]) or whole
        return Validation(np.array(losses), np.array(scores), *last)

    def _judge(self, outputs: Array | None, targets: Array | None) -> Quality | None:
        if outputs is None or targets is None or self.kind == "other":
            return None
        canonical = rows(self.kind, outputs, targets)
        return quality(self.kind, canonical) if canonical is not None else None

    def _best(self, sets: list[tuple[Array, Array]]) -> tuple[Array, Array] | None:
        """The set that is told best, where a few large ones are asked for one after the other.

        Others may be of another kind on purpose, as the anomalies that are to be told badly.
        """
        if not 1 < len(sets) <= MOST_SETS or min(len(outputs) for outputs, _ in sets) < LARGE:
            return None
        judged = [(found.score, at) for at, s in enumerate(sets) if (found := self._judge(*s))]
        return sets[max(judged)[1]] if judged else None

    def in_evaluation_mode(self) -> tuple[Array | None, Array | None, Array | None]:
        """The last evaluation as the script made it, in evaluation mode, and its targets."""
        new = [e for e in self.all if not self._on_training(e)] or self.all
        step = new[-1].step if new else -1
        last = [e for e in new if e.step == step and e.training and e.inputs is not None][:64]
        as_made, instead, targets = [], [], []
        for evaluation in last:
            pair = self._labelled(evaluation)
            other = self._again(evaluation)
            if pair is None or other is None or other.shape != pair[0].shape:
                continue
            as_made.append(pair[0])
            targets.append(pair[1])
            instead.append(other)
        made, wanted = joined(list(zip(as_made, targets, strict=True)))
        mended, _ = joined(list(zip(instead, targets, strict=True)))
        return made, mended, wanted

    def _again(self, evaluation: Evaluation) -> Array | None:
        module = evaluation.module
        try:
            with undisturbed(module), torch.no_grad():
                module.eval()
                return self._piped(parts_of(module(evaluation.inputs)))
        except Exception:  # noqa: BLE001 - the user's own module may refuse anything
            return None

    def _on_training(self, evaluation: Evaluation) -> bool:
        inputs = self._records(evaluation.inputs)
        if inputs is None or not self._known or not inputs.dim() or not inputs.numel():
            return False
        keys = self._keys.of(inputs).tolist()[:200]
        return sum(key in self._known for key in keys) > len(keys) / 2

    def _records(self, inputs: Any) -> Any:
        """Inputs `[records, ...]`, as those of the training are kept."""
        turn = self._time_first and inputs is not None and inputs.dim() > 1
        return inputs.transpose(0, 1) if turn else inputs

    def _piped(self, parts: tuple[torch.Tensor, ...]) -> Array | None:
        """What the loss would take; of several parts it is not known which, without a pipe."""
        if self._pipe is None:
            return as_array(parts[0]) if len(parts) == 1 else None
        try:
            return as_array(self._pipe(parts))
        except (RuntimeError, IndexError):
            return None

    def _labelled(self, evaluation: Evaluation) -> tuple[Array, Array] | None:
        """Output and target: from its loss, from the script's arrays, or from a comparison."""
        pair = next((p for p in evaluation.pairs if _comparable(p.kind, self.kind)), None)
        if pair is not None:
            return as_array(pair.output), as_array(pair.target)
        output = self._piped(evaluation.parts)
        if output is None:
            return None
        given = self._records(evaluation.inputs)
        known = self._lookup.targets(as_array(given)) if given is not None else None
        if known is not None and rows(self.kind, output, known) is not None:
            return output, known
        if evaluation.compared is None:
            return None
        side = _label_side(torch.as_tensor(output), *evaluation.compared)
        return None if side is None else (output, as_array(side))


def _comparable(kind: LossKind, other: LossKind) -> bool:
    """Whether two losses judge the same output: that of another head says nothing of this one."""
    return kind == other or {kind, other} <= {"mse", "mae", "signed"}


def _decisions(output: torch.Tensor) -> list[torch.Tensor]:
    flat = output.squeeze(-1) if output.dim() > 1 and output.shape[-1] == 1 else output
    made = [flat > 0, flat > 0.5, flat.round()]
    if output.dim() > 1 and output.shape[-1] > 1:
        made = [output.argmax(-1), output.argmax(1), *made]
    return made


def _label_side(
    output: torch.Tensor, left: torch.Tensor, right: torch.Tensor
) -> torch.Tensor | None:
    for decision in _decisions(output):
        for one, other in ((left, right), (right, left)):
            if one.numel() == decision.numel() and bool(
                (one.reshape(-1).double() == decision.reshape(-1).double()).all()
            ):
                return other
    return None
