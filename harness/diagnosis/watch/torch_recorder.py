"""Listens to a PyTorch training through global hooks, and leaves every number as it was.

Nothing here draws random numbers, makes graphs or writes to the program's tensors.
"""
# ruff: noqa: SLF001 - the frameworks' own kinds are private

import math
import weakref
from collections import Counter
from types import TracebackType
from typing import Any, Self

import torch
from torch.compiler import is_compiling

from harness.diagnosis.guard import Guard, guarded
from harness.diagnosis.observations import NonFinite
from harness.diagnosis.watch.axes import renamed_inside
from harness.diagnosis.watch.graph import has_other_parts, is_likelihood
from harness.diagnosis.watch.hidden_state import RECURRENT, HiddenState
from harness.diagnosis.watch.non_finite import first_non_finite
from harness.diagnosis.watch.patches import Patches
from harness.diagnosis.watch.records import Call, Decision, Pair, Pending
from harness.diagnosis.watch.tensors import (
    all_tensors,
    first_tensor,
)
from harness.diagnosis.watch.torch_apart import hear
from harness.diagnosis.watch.torch_hooks import Hooks
from harness.diagnosis.watch.torch_resting import Resting
from harness.diagnosis.watch.torch_roles import is_criterion, is_set_aside, is_symbolic
from harness.diagnosis.watch.torch_scores import Scores
from harness.diagnosis.watch.torch_updates import FIRST_LOOKS, Updates
from harness.diagnosis.watch.weighed import listen
from harness.diagnosis.watch.weights import weights

LISTENING: list["Recorder"] = []
"""The recorder that listens, if any: hooks are global, so there can only be one."""

STATES_OF = 100
"""Updates at the start that are asked for states: to carry them is a loop's habit. Where hooks rest
between close looks, those are the first that all are looked at."""

MOST_PENDING = 512
"""Passes and losses kept of one update."""


class Recorder:
    """Writes down the trainings that run while it listens.

    Args:
        every: after the first sixteen updates, look closely at one in that many.
        scripts: folder whose source files are the user's; local arrays of their functions are
            looked at.
        order: keep which records are met when, and what the inputs are.
        model: the network, where it is known; what only close looks need costs nothing then in
            between, see `Hooks`.
    """

    def __init__(
        self,
        *,
        every: int = 10,
        scripts: str | None = None,
        order: bool = True,
        model: torch.nn.Module | None = None,
    ) -> None:
        self.made = Updates(every=every, scripts=scripts, order=order)
        self.loaders: list[Any] = []
        self.optimizers: list[weakref.ref[torch.optim.Optimizer]] = []
        self.functional = 0
        self.patches = Patches()
        self.guard = Guard()
        self.scores = Scores(self.guard)
        self.state = HiddenState()
        self.pending = Pending()
        self.depth = 0
        self.busy = False
        self.failure: NonFinite | None = None
        self.clip: float | None = None
        self.always_dropped = 0
        self.asked_modes: Counter[bool] = Counter()
        self.most_dropped = 0.0
        self.renamed = ""
        self.hooks = Hooks(self, model)
        self.resting: Resting | None = None
        self.states_of = STATES_OF if model is None else FIRST_LOOKS
        self._modes: list[bool] = []
        self._aside = False
        self._graph = True
        self._criterion = False
        self._passed: list[Call] = []
        self._met: set[int] = set()
        self._given: torch.Tensor | None = None

    def __enter__(self) -> Self:
        """Put hooks in."""
        if LISTENING:
            raise RuntimeError(
                "harness.watch is already watching: leave the first `with` block before the "
                "second begins, or give both networks to one watch"
            )
        LISTENING.append(self)
        self.hooks.put_in()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take hooks out."""
        self.hooks.take_out()
        LISTENING.clear()

    @property
    def close(self) -> bool:
        """Whether the coming update is one of those that are looked at closely."""
        return self.made.close

    @property
    def deaf(self) -> bool:
        """Whether nothing is to be heard: our own probes, and what `torch.compile` traces.

        What is traced would become part of the compiled network, and be compiled again whenever
        a count of ours changes.
        """
        return self.busy or is_compiling()

    @property
    def outside(self) -> bool:
        """Whether no module runs but a loss, so that what is subtracted is outputs and targets."""
        return self.depth == 0 or self._criterion

    # Forward --------------------------------------------------------------------------------

    @guarded
    def module_begins(self, module: torch.nn.Module, args: tuple[Any, ...]) -> None:
        """A module is about to run."""
        if self.deaf:
            return
        self.depth += 1
        if self.depth == 1:
            self._graph = torch.is_grad_enabled()
            self._modes = [module.training]
            self._criterion = is_criterion(module, args)
            if id(module) not in self._met:
                self._met.add(id(module))
                self.made.close |= any(p.requires_grad for p in weights(module))
            self._aside = self.close and is_set_aside(module)
            self._given = first_tensor(args)
        elif self.made.updates == 0 and torch.is_grad_enabled():
            self.renamed = self.renamed or renamed_inside(module, args, self._given)
        if self.made.updates > self.states_of or not torch.is_grad_enabled():
            return
        if self.depth == 1 and not isinstance(module, RECURRENT):
            given = all_tensors(args)[1:]
            if given:
                self.state.begins(module, given, self.made.updates)

    @guarded
    def module_ends(self, module: torch.nn.Module, args: tuple[Any, ...], output: Any) -> None:
        """A module has run."""
        if self.deaf:
            return
        self.depth = max(self.depth - 1, 0)
        self._criterion &= self.depth > 0
        early = self.made.updates <= self.states_of and torch.is_grad_enabled()
        if early and (isinstance(module, RECURRENT) or (not self.depth and all_tensors(args)[1:])):
            self.state.ends(module, output, self.made.updates)
        if self.depth and not self.close:
            return
        if isinstance(module, torch.nn.modules.loss._Loss) or is_criterion(module, args):
            return
        if is_symbolic(output):
            return
        if self.close and self._graph and not self._set_aside(module):
            self.pending.ran.setdefault(id(module), module)
            if torch.is_grad_enabled():
                self.pending.in_graph.add(id(module))
        if self.depth == 0:
            self._outermost(module, args, output)

    def _set_aside(self, module: torch.nn.Module) -> bool:
        """Whether a module, or all that it is part of, is frozen and in evaluation mode.

        So are a teacher and fixed features; a network that is trained, but in evaluation mode as a
        whole, may have forgotten to change it back.
        """
        return self._aside or (self._modes == [True] and is_set_aside(module))

    def _outermost(self, module: torch.nn.Module, args: tuple[Any, ...], output: Any) -> None:
        call = Call(module, args, output, module.training)
        tensor = first_tensor(output)
        if tensor is None:
            return
        if torch.is_grad_enabled() and tensor.requires_grad:
            if len(self.pending.calls) < MOST_PENDING:
                self.pending.calls.append(call)
            return
        self.scores.evaluated(call, self.made.updates)

    @guarded
    def state_given(self, module: torch.nn.Module, state: Any) -> None:
        """A recurrent layer starts from a state, or from none."""
        if self.made.updates <= self.states_of and torch.is_grad_enabled() and not self.busy:
            self.state.begins(module, all_tensors(state)[:1], self.made.updates)

    @guarded
    def dropped(self, share: float, *, always: bool) -> None:
        """Dropout ran; in a network in evaluation mode it should not."""
        if torch.is_grad_enabled():
            self.most_dropped = max(self.most_dropped, share)
        if always and self.depth and self._modes == [False] and not torch.is_grad_enabled():
            self.always_dropped += 1

    # Loss and gradient ----------------------------------------------------------------------

    @guarded
    def loss_seen(self, pair: Pair) -> None:
        """A loss function was called outside of any module but a loss."""
        if torch._C._functorch.is_gradtrackingtensor(pair.value):
            self.functional += 1  # inside of `torch.func.grad`: its numbers end with it
            return
        if torch.is_grad_enabled() and pair.value.requires_grad:
            if len(self.pending.pairs) < MOST_PENDING:
                self.pending.pairs.append(pair)
                listen(pair)
        else:
            self.scores.loss_seen(pair)

    @guarded
    def difference(self, left: torch.Tensor, right: torch.Tensor) -> None:
        """A difference was taken: of output and target, it may be a loss written out by hand."""
        if torch.is_grad_enabled():
            if left.requires_grad != right.requires_grad and len(self.pending.differences) < 8:  # noqa: PLR2004 - parts of one loss
                pair = (left, right) if left.requires_grad else (right, left)
                self.pending.differences.append(pair)
        else:
            self.scores.difference(left, right)

    @guarded
    def decided(self, kind: str, values: torch.Tensor, setting: Any) -> None:
        """The script decided for classes: by the largest value, or by a threshold."""
        if self.depth:
            return
        passed: list[Call] = []
        if torch.is_grad_enabled():
            passed = self.pending.calls[-1:] or self._passed  # whose update may be made by now
        beside = [part for call in passed for part in all_tensors(call.output)]
        self.scores.decided(Decision(kind, setting, values.detach()), beside)

    @guarded
    def backward_begins(self, tensors: Any) -> None:
        """Just before gradients are computed: are those of the last update still there?"""
        loss = first_tensor(tensors)
        if loss is not None and len(self.pending.calls) > 1:
            hear(self, loss)
        self.pending = self.made.backward_begins(loss, self.pending)
        if loss is None:
            return
        self._check(loss)
        pending = self.pending
        if self.made.updates == 0 and not pending.pairs:
            pending.likelihood = is_likelihood(loss)
        if self.made.updates_of(pending) == 0:
            judged = [p.output for p in pending.pairs] or [o for o, _ in pending.differences]
            pending.more |= has_other_parts(loss, judged)

    @guarded
    def backward_ended(self) -> None:
        """Which gradients have arrived; asked at the start, as where they go is a loop's habit."""
        self.made.backward_ended()
        if self.made.updates < FIRST_LOOKS:
            self.pending.arrived |= {
                id(p)
                for call in self.pending.calls[-1:]
                for p in weights(call.module)
                if p.grad is not None and (p.grad.is_sparse or bool(p.grad.any()))
            }

    def _check(self, loss: torch.Tensor) -> None:
        """Note a loss that is not finite, if it can be read without waiting for a device."""
        if loss.numel() == 1 and not loss.is_cuda and not math.isfinite(float(loss.detach())):
            self._note_failure("loss", loss)

    def _note_failure(self, place: str, loss: torch.Tensor | None = None) -> None:
        if self.failure is None:
            updates = self.made.updates_of(self.pending)
            self.failure = first_non_finite(self.pending, updates, place, loss)

    @guarded
    def clip_seen(self, bound: Any) -> None:
        """Gradients were clipped."""
        self.clip = float(bound)

    # Updates --------------------------------------------------------------------------------

    @guarded
    def step_begins(self, optimizer: torch.optim.Optimizer, args: Any, kwargs: Any) -> None:
        """An optimizer is about to make an update."""
        del args, kwargs
        if not self.made.before_step(optimizer, self.pending) and self.failure is None:
            self._note_failure("gradient")

    @guarded
    def step_ends(self, optimizer: torch.optim.Optimizer, args: Any, kwargs: Any) -> None:
        """An optimizer has made an update."""
        del args, kwargs
        resting = self.resting
        if resting is None or not resting.updated(optimizer):
            self._updated(optimizer)
        elif not self.made.close:
            return  # most updates end here
        self.hooks.turn()

    def _updated(self, optimizer: torch.optim.Optimizer) -> None:
        if self.resting is not None:
            self.pending = self.resting.take_over()
            for loss in self.pending.backwards:
                self._check(loss)
        if self.made.after_step(optimizer, self.pending):
            self._passed = self.pending.calls[-1:] if self.close else []
            self.pending = Pending()


def of_a_script() -> Recorder | None:
    """The recorder that listens to a whole script, if one does: a watch inside it joins it."""
    return next((recorder for recorder in LISTENING if recorder.made.scripts is not None), None)
