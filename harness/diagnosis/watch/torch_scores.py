"""What a script evaluates, and what it makes of the answers: losses, comparisons, decisions."""

from collections import deque
from collections.abc import Sequence
from typing import Any

import torch

from harness.diagnosis.guard import Guard, guarded
from harness.diagnosis.watch.pairs import handwritten
from harness.diagnosis.watch.records import Call, Decision, Evaluation, Pair
from harness.diagnosis.watch.tensors import kept_parts, without_graph
from harness.diagnosis.watch.torch_roles import is_output

MOST_EVALUATIONS = 400

MOST_PAIRS = 8
"""Losses kept of one evaluation: heads of one network, or steps."""

MOST_DECISIONS = 200


class Scores:
    """Evaluations in the order they were made, each with what its output met.

    Args:
        guard: catches what goes wrong here.
    """

    def __init__(self, guard: Guard) -> None:
        self.guard = guard
        self.evaluations: list[Evaluation] = []
        self.decisions: deque[Decision] = deque(maxlen=MOST_DECISIONS)
        self.comparison: Any = None

    def evaluated(self, call: Call, updates: int) -> None:
        """A network answered without a gradient, after so many updates."""
        inputs = next(iter(call.inputs()), None)
        parts = kept_parts(call.output)
        self.evaluations.append(Evaluation(updates, call.module, inputs, parts, call.training))
        if len(self.evaluations) > MOST_EVALUATIONS:
            del self.evaluations[100:200]

    def loss_seen(self, pair: Pair) -> None:
        """A loss of an evaluation was computed."""
        if self.evaluations and len(self.evaluations[-1].pairs) < MOST_PAIRS:
            self.evaluations[-1].pairs.append(without_graph(pair))

    def difference(self, left: torch.Tensor, right: torch.Tensor) -> None:
        """A difference was taken: of an output and its target, it is a loss written out by hand."""
        if not self.evaluations or self.evaluations[-1].pairs:
            return
        seen = self.evaluations[-1]
        for output, target in ((left, right), (right, left)):
            known = any(is_output(output, part) for part in seen.parts)
            if known and output.shape == target.shape:
                seen.pairs.append(handwritten(output.detach(), target.detach()))

    @guarded
    def compared(self, left: torch.Tensor, right: torch.Tensor, result: Any) -> None:
        """Two tensors were compared for equality: an accuracy, if the last output is one side."""
        if self.evaluations and self.evaluations[-1].compared is None:
            self.evaluations[-1].compared = (left.detach(), right.detach())
            self.comparison = result

    def cast(self, values: Any, result: Any) -> None:
        """A comparison was made numbers of: it is still the same comparison."""
        if values is self.comparison:
            self.comparison = result

    def counted(self, values: Any) -> None:
        """Something was summed: if it is the last comparison, that leaves nothing out."""
        if values is self.comparison and self.evaluations:
            self.evaluations[-1].counted, self.comparison = True, None

    def decided(self, decision: Decision, beside: Sequence[torch.Tensor]) -> None:
        """The script decided for classes, by the last answer or one of those ``beside`` it."""
        answers = [part for evaluation in self.evaluations[-1:] for part in evaluation.parts]
        if any(is_output(decision.values, answer) for answer in (*answers, *beside)):
            self.decisions.append(decision)
