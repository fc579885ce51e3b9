"""Listens to a PyTorch training through global hooks, and leaves every number as it was.

Nothing here draws random numbers, makes graphs or writes to the program's tensors.
"""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it
# ruff: noqa: SLF001 - the frameworks' own kinds are private

import math
from collections import deque
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

import numpy as np
import torch
from torch.nn.modules import module as module_hooks
from torch.optim import optimizer as optimizer_hooks

from harness.diagnosis.observations import Function, NonFinite
from harness.diagnosis.watch.frames import local_arrays
from harness.diagnosis.watch.patches import Patches
from harness.diagnosis.watch.records import KEPT, Batch, Call, Evaluation, Pair, Pending, Training
from harness.diagnosis.watch.torch_functions import install

STATEFUL = (torch.nn.RNNBase, torch.nn.RNNCellBase)
CAP_STEPS = 3000
"""Steps whose record order is kept."""

LISTENING: list["Recorder"] = []
"""The recorder that listens, if any: hooks are global, so there can only be one."""


class ByHand(torch.optim.Optimizer):
    """Stands for updates that a script makes itself."""

    def __init__(self) -> None:
        super().__init__([torch.zeros(1)], {"lr": 0.0})
        self.param_groups[0]["params"] = []


class Recorder:
    """Writes down the trainings that run while it listens.

    Args:
        every: after the first sixteen updates, look closely at one in that many.
        scripts: folder whose source files are the user's; local arrays of their functions are
            looked at.
        order: keep which records are met when, and what the inputs are.
    """

    def __init__(self, *, every: int = 10, scripts: str | None = None, order: bool = True) -> None:
        self.every = every
        self.scripts = scripts
        self.order = order
        self.trainings: list[Training] = []
        self.evaluations: list[Evaluation] = []
        self.loaders: list[Any] = []
        self.patches = Patches()
        self.pending = Pending()
        self.comparisons: deque[tuple[torch.Tensor, torch.Tensor]] = deque(maxlen=4)
        self.depth = 0
        self.updates = 0
        self.backwards = 0
        self.busy = False
        self.close = True
        self.failure: NonFinite | None = None
        self.by_hand: Training | None = None
        self._last: Training | None = None
        self._known: dict[int, tuple[torch.optim.Optimizer, int, Training]] = {}
        self.clip: float | None = None
        self.clipped: list[torch.Tensor] = []
        self._activations: list[tuple[str, float, int]] = []
        self._starts: dict[int, list[int]] = {}
        self._handles: list[Any] = []
        self._groups: dict[frozenset[int], Training] = {}
        self._last_state: dict[int, tuple[int, torch.Tensor]] = {}
        self._order: dict[int, int] = {}
        self._probe: dict[int, torch.Tensor] = {}

    def __enter__(self) -> Self:
        """Put hooks in."""
        if LISTENING:
            raise RuntimeError(
                "harness.watch is already watching: leave the first `with` block before the "
                "second begins, or give both networks to one watch"
            )
        LISTENING.append(self)
        self._handles = [
            module_hooks.register_module_forward_pre_hook(self._before),
            module_hooks.register_module_forward_hook(self._after, always_call=True),
            optimizer_hooks.register_optimizer_step_pre_hook(self._before_step),
            optimizer_hooks.register_optimizer_step_post_hook(self._after_step),
        ]
        install(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take hooks out."""
        for handle in self._handles:
            handle.remove()
        self.patches.restore()
        LISTENING.clear()

    # Forward --------------------------------------------------------------------------------

    def _before(self, module: torch.nn.Module, args: tuple[Any, ...]) -> None:
        if self.busy:
            return
        self.depth += 1
        if isinstance(module, STATEFUL) and len(args) > 1 and args[1] is not None:
            self._state_given(module, args)
        elif isinstance(module, STATEFUL):
            self._note_start(module, carried=False)

    def _after(self, module: torch.nn.Module, args: tuple[Any, ...], output: Any) -> None:
        if self.busy:
            return
        self.depth = max(self.depth - 1, 0)
        if isinstance(module, STATEFUL):
            self._keep_state(module, output)
        if self.close and torch.is_grad_enabled():
            self._look(module, output)
        if self.depth == 0 and not isinstance(module, torch.nn.modules.loss._Loss):
            self._root(module, args, output)

    def _root(self, module: torch.nn.Module, args: tuple[Any, ...], output: Any) -> None:
        call = Call(module, args, output, module.training)
        tensor = first_tensor(output)
        if tensor is None:
            return
        if torch.is_grad_enabled() and tensor.requires_grad:
            if len(self.pending.calls) < 256:
                self.pending.calls.append(call)
            return
        inputs = next(iter(call.inputs()), None)
        self.evaluations.append(
            Evaluation(self.updates, module, inputs, tensor.detach(), module.training)
        )
        if len(self.evaluations) > 400:
            del self.evaluations[100:200]

    def _look(self, module: torch.nn.Module, output: Any) -> None:
        """Note the order in which modules run."""
        key = id(module)
        if isinstance(module, torch.nn.modules.loss._Loss):
            return
        if key not in self._order:
            self._order[key] = len(self._order)
        self.pending.ran[key] = module

    def activation(self, kind: str, output: torch.Tensor) -> None:
        """Measure how much of an activation lies at its bounds."""
        if output.numel() == 0 or not output.is_floating_point():
            return
        values = output.detach()
        if kind == "relu":
            flat = values.reshape(-1, values.shape[-1]) if values.dim() > 1 else values[None]
            share = float((flat.amax(0) <= 0).float().mean())
        else:
            low = 0.0 if kind == "sigmoid" else -1.0
            share = float(((values - low < 0.01) | (1 - values < 0.01)).float().mean())
        self._activations.append((kind, share, values.shape[-1] if values.dim() else 1))

    # Hidden state ---------------------------------------------------------------------------

    def _state_given(self, module: torch.nn.Module, args: tuple[Any, ...]) -> None:
        state = args[1][0] if isinstance(args[1], (tuple, list)) else args[1]
        last = self._last_state.get(id(module))
        if not isinstance(state, torch.Tensor):
            return
        if last is None or last[0] == self.updates:
            if last is None:
                self._note_start(module, carried=False)
            return
        same = state.shape == last[1].shape and bool(torch.equal(state.detach(), last[1]))
        self._note_start(module, carried=same and bool(state.detach().any()))

    def _note_start(self, module: torch.nn.Module, *, carried: bool) -> None:
        if not torch.is_grad_enabled():
            return
        last = self._last_state.get(id(module))
        if last is not None and last[0] == self.updates:
            return
        counts = self._starts.setdefault(id(module), [0, 0])
        counts[0] += 1
        counts[1] += carried

    def _keep_state(self, module: torch.nn.Module, output: Any) -> None:
        if not torch.is_grad_enabled():
            return
        state = output[1] if isinstance(module, torch.nn.RNNBase) else output
        state = state[0] if isinstance(state, (tuple, list)) else state
        if isinstance(state, torch.Tensor):
            self._last_state[id(module)] = (self.updates, state.detach())

    # Loss and gradient ----------------------------------------------------------------------

    def loss_seen(self, pair: Pair) -> None:
        """A loss function was called outside of any module but a loss."""
        if torch.is_grad_enabled() and pair.value.requires_grad:
            if len(self.pending.pairs) < 512:
                self.pending.pairs.append(pair)
        elif self.evaluations:
            last = self.evaluations[-1]
            if last.pair is None:
                pair.output, pair.target = pair.output.detach(), pair.target.detach()
                pair.value = pair.value.detach()
                last.pair = pair

    def compared(self, left: torch.Tensor, right: torch.Tensor) -> None:
        """Two tensors were compared for equality: an accuracy, if the last output is one side."""
        self.comparisons.append((left.detach(), right.detach()))
        if self.evaluations and self.evaluations[-1].compared is None:
            self.evaluations[-1].compared = (left.detach(), right.detach())

    def backward_begins(self, tensors: Any) -> None:
        """Just before gradients are computed: are those of the last update still there?"""
        self.backwards += 1
        for training in self.trainings:
            if not training.zeroed:
                training.zeroed = not self._leftover(training)
        loss = first_tensor(tensors)
        if loss is None:
            return
        if self.pending.backwards and not self.trainings and self._scalar(self.pending):
            self._update_by_hand()
        pending = self.pending
        if len(pending.backwards) < 64:
            pending.backwards.append(loss.detach())
        if loss.requires_grad and loss.grad_fn is None:
            pending.cut = True
        if loss.numel() == 1 and not loss.is_cuda and not math.isfinite(float(loss.detach())):
            self._note_failure("loss")

    @staticmethod
    def _scalar(pending: Pending) -> bool:
        return pending.backwards[-1].numel() == 1

    def _update_by_hand(self) -> None:
        """No optimizer has made an update yet: the script may make its own after each backward."""
        if self.by_hand is None:
            self.by_hand = Training(ByHand())
        self._close_step(self.by_hand, self.pending)
        self.by_hand.steps += 1
        self.updates += 1
        self.close = self._close_look(self.by_hand.steps)
        self.pending = Pending()

    def _leftover(self, training: Training) -> bool:
        """Whether any gradient is there; the smallest tensors are asked first."""
        for parameter in training.smallest_first():
            gradient = parameter.grad
            if gradient is not None and (gradient.is_sparse or bool(gradient.detach().any())):
                return True
        return False

    def _note_failure(self, place: str) -> None:
        if self.failure is not None:
            return
        pending = self.pending
        updates = self._current_updates()
        for call in pending.calls:
            for tensor in call.inputs():
                if bad := _non_finite_record(tensor):
                    self.failure = NonFinite(updates, "input", bad)
                    return
        for pair in pending.pairs:
            if bad := _non_finite_record(pair.target):
                self.failure = NonFinite(updates, "target", bad)
                return
        where = ""
        for pair in pending.pairs:
            if _non_finite_record(pair.output):
                place, where = "output", "the network's output"
                break
        self.failure = NonFinite(updates, place, where)

    def _current_updates(self) -> int:
        used = {id(call.module) for call in self.pending.calls}
        for training in self.trainings:
            if used & set(training.modules):
                return training.steps
        return 0

    def clip_seen(self, bound: float, total: Any) -> None:
        """Gradients were clipped."""
        self.clip = bound
        if isinstance(total, torch.Tensor) and len(self.clipped) < 5000:
            self.clipped.append(total.detach())

    # Updates --------------------------------------------------------------------------------

    def _before_step(self, optimizer: torch.optim.Optimizer, args: Any, kwargs: Any) -> None:
        training = self._training_of(optimizer)
        if training.steps and not training.zeroed and self.backwards > training.seen_backwards:
            training.stale += 1
        if training.steps == 0:
            self._first(training)
        if training.steps and not self._close_look(training.steps):
            return
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    gradient = parameter.grad.detach()
                    norm = float(
                        gradient.coalesce().values().norm()
                        if gradient.is_sparse
                        else gradient.norm()
                    )
                    training.gradients.setdefault(id(parameter), []).append(norm)
                    if not math.isfinite(norm) and self.failure is None:
                        self._note_failure("gradient")

    def _close_look(self, step: int) -> bool:
        return step < 16 or step % self.every == 0

    def _training_of(self, optimizer: torch.optim.Optimizer) -> Training:
        known = self._known.get(id(optimizer))
        if known is not None and known[0] is optimizer and known[1] == len(optimizer.param_groups):
            return known[2]
        training = self._find_training(optimizer)
        self._known[id(optimizer)] = (optimizer, len(optimizer.param_groups), training)
        return training

    def _find_training(self, optimizer: torch.optim.Optimizer) -> Training:
        key = frozenset(id(p) for group in optimizer.param_groups for p in group["params"])
        training = self._groups.get(key)
        if training is None:
            shared = self._last if not self.pending.backwards else None
            training = shared or Training(optimizer, first=self.updates)
            if shared is None:
                self.trainings.append(training)
            self._groups[key] = training
        training.optimized |= key
        return training

    def _first(self, training: Training) -> None:
        """Remember the parameters and their starting values."""
        if self.scripts is not None:
            training.namespace.update(local_arrays(self.scripts))
        self._name(training)
        for key, tensor in training.tensors.items():
            if key not in training.start:
                training.start[key] = tensor.detach().clone()
        for group in training.optimizer.param_groups:
            for parameter in group["params"]:
                training.tensors.setdefault(id(parameter), parameter)
                training.start.setdefault(id(parameter), parameter.detach().clone())

    def _name(self, training: Training) -> None:
        for call in self.pending.calls:
            training.modules.setdefault(id(call.module), call.module)
            for name, parameter in call.module.named_parameters():
                training.tensors[id(parameter)] = parameter
                training.registered.add(id(parameter))
                training.names.setdefault(id(parameter), (name, "", 0))
        for key, module in self.pending.ran.items():
            if key not in self._order:
                continue
            training.children.setdefault(key, (module, self._order[key]))
            for name, parameter in module.named_parameters(recurse=False):
                full = training.names.get(id(parameter), (f"{type(module).__name__}.{name}", "", 0))
                training.names[id(parameter)] = (full[0], type(module).__name__, self._order[key])
                training.tensors[id(parameter)] = parameter

    def _after_step(self, optimizer: torch.optim.Optimizer, args: Any, kwargs: Any) -> None:
        training = self._training_of(optimizer)
        pending = self.pending
        fresh = bool(pending.backwards or pending.pairs)
        training.zeroed = False
        training.seen_backwards = self.backwards
        training.rates.append(float(optimizer.param_groups[0]["lr"]))
        if not fresh and training.steps:
            return  # a second optimizer after the same backward pass
        self._close_step(training, pending)
        training.steps += 1
        self._last = training
        training.last = self.updates
        if training.steps == 1:
            training.first_update = {
                key: float((training.tensors[key].detach() - value).norm())
                for key, value in training.start.items()
            }
        self.updates += 1
        self.pending = Pending()
        self.close = self._close_look(training.steps)

    def _close_step(self, training: Training, pending: Pending) -> None:
        pairs = pending.pairs
        training.cut += pending.cut
        for call in pending.calls:
            training.passes += 1
            training.in_eval += not call.training
            training.was_train |= call.training
            if id(call.module) not in training.modules or training.steps == 0:
                self._name(training)
        self._keep_activations(training)
        if not pairs and pending.differences:
            pairs = [_handwritten(*pending.differences[-1], pending.backwards)]
        if pairs:
            if training.pair is None:
                training.pair = _detached(pairs[0])
                training.function, training.over_batch = last_function(pairs[0].output)
            training.losses.append(_mean_value(pairs))
            if self.close and len(pending.backwards) == len(pairs):
                training.negated += _negated(pending.backwards[0], pairs[0].value)
                training.compared += 1
            self._keep(training, pending, pairs)
        elif pending.backwards:
            training.losses.append(pending.backwards[0].mean())

    def _keep_activations(self, training: Training) -> None:
        for at, (kind, share, width) in enumerate(self._activations[:64]):
            training.activations.setdefault(f"{at}:{kind}", []).append((at, kind, share, width))
        self._activations = []

    def _keep(self, training: Training, pending: Pending, pairs: list[Pair]) -> None:
        """Copy this batch, as far as there is room."""
        pair = pairs[0]
        if not self.close and not (self.order and training.steps < CAP_STEPS):
            return
        training.broadcast |= _broadcast(pair)
        training.batch_sizes.append(int(pair.target.shape[0]) if pair.target.dim() else 1)
        inputs = next((t for call in pending.calls for t in call.inputs()), None)
        if inputs is not None and self.order and training.steps < CAP_STEPS:
            training.keys.append(self._keys(inputs, pair.target))
        output, target = _stack(pairs)
        size = (inputs.numel() if inputs is not None else 0) + output.numel() + target.numel()
        if size > KEPT:
            return
        raw = first_tensor(pending.calls[-1].output) if pending.calls else None
        room = training.kept + size <= KEPT
        args = _copied(pending.calls[0].args) if len(pending.calls) == 1 and room else ()
        batch = Batch(
            training.steps,
            inputs.detach().clone() if inputs is not None and room else None,
            args,
            output.detach().clone(),
            target.detach().clone(),
            raw.detach() if raw is not None and len(training.batches) < 2 else None,
        )
        training.recent.append(batch)
        if room and len(training.batches) < 400:
            training.batches.append(batch)
            training.kept += size

    def _keys(self, inputs: torch.Tensor, target: torch.Tensor) -> tuple[Any, Any]:
        """One number a record, equal for equal records."""
        flat = (
            inputs.detach().reshape(inputs.shape[0], -1) if inputs.dim() else inputs.reshape(1, 1)
        )
        columns = flat.shape[1]
        weights = self._probe.get(columns)
        if weights is None:
            values = np.random.default_rng(columns).standard_normal(columns)
            weights = self._probe[columns] = torch.as_tensor(values).to(flat.device)
        keys = torch.nan_to_num(flat.double()).matmul(weights)
        rows = (
            target.detach().reshape(target.shape[0], -1) if target.dim() else target.reshape(1, 1)
        )
        return keys, rows[:, :8].double().sum(1)


def first_tensor(value: Any) -> torch.Tensor | None:
    """The first tensor of a nested structure."""
    if isinstance(value, torch.Tensor):
        return value
    if isinstance(value, torch.nn.utils.rnn.PackedSequence):
        return value.data
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, (tuple, list)):
        return next((t for t in map(first_tensor, value) if t is not None), None)
    return getattr(value, "logits", None)


def _mean_value(pairs: list[Pair]) -> torch.Tensor:
    first = pairs[0].value.detach()
    if len(pairs) == 1:
        return first if first.dim() == 0 else first.mean()
    return torch.stack([p.value.detach().mean() for p in pairs]).mean()


def _negated(objective: torch.Tensor, value: torch.Tensor) -> bool:
    """Whether what is minimised is below zero though the loss is above."""
    if objective.numel() != 1 or value.numel() != 1:
        return False
    return bool(objective < 0) and bool(torch.isclose(-objective, value.detach().reshape(())))


def _detached(pair: Pair) -> Pair:
    return replace(
        pair,
        output=pair.output.detach().clone(),
        target=pair.target.detach().clone(),
        value=pair.value.detach(),
    )


TRANSPARENT = ("View", "Squeeze", "Unsqueeze", "Select", "Slice", "Transpose", "Permute", "Reshape")
"""Nodes of a graph that change a shape only."""

FUNCTIONS: dict[str, Function] = {
    "SoftmaxBackward": "softmax",
    "LogSoftmaxBackward": "log_softmax",
    "SigmoidBackward": "sigmoid",
    "TanhBackward": "tanh",
    "ReluBackward": "relu",
    "AddmmBackward": "linear",
    "MmBackward": "linear",
    "BmmBackward": "linear",
    "AddBackward": "linear",
    "ConvolutionBackward": "linear",
}


def last_function(output: torch.Tensor) -> tuple[Function, bool]:
    """What was applied last before the loss, and whether a softmax runs over the batch."""
    node = output.grad_fn
    for _ in range(8):
        if node is None:
            return "unknown", False
        name = type(node).__name__.removesuffix("0").removesuffix("1")
        for start, function in FUNCTIONS.items():
            if name == start:
                axis = getattr(node, "_saved_dim", None)
                return function, axis == 0 and output.dim() > 1 and output.shape[0] > 1
        if not any(part in name for part in TRANSPARENT):
            return "unknown", False
        node = node.next_functions[0][0] if node.next_functions else None
    return "unknown", False


def _copied(args: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(a.detach().clone() if isinstance(a, torch.Tensor) else a for a in args)


def _stack(pairs: list[Pair]) -> tuple[torch.Tensor, torch.Tensor]:
    """Outputs and targets of all losses of one update, if they are of one shape."""
    first = pairs[0]
    alike = [
        p
        for p in pairs
        if p.kind == first.kind
        and p.output.shape[1:] == first.output.shape[1:]
        and p.target.shape[1:] == first.target.shape[1:]
        and p.output.dim()
        and p.target.dim()
    ]
    if len(alike) < 2:
        return first.output.detach(), first.target.detach()
    return (
        torch.cat([p.output.detach() for p in alike]),
        torch.cat([p.target.detach() for p in alike]),
    )


def _broadcast(pair: Pair) -> bool:
    """Whether output and target met in something larger than either."""
    if pair.kind not in {"mse", "mae"} or pair.output.shape == pair.target.shape:
        return False
    try:
        shape = np.broadcast_shapes(tuple(pair.output.shape), tuple(pair.target.shape))
    except ValueError:
        return False
    return math.prod(shape) > max(pair.output.numel(), pair.target.numel())


def _handwritten(output: torch.Tensor, target: torch.Tensor, backwards: list[torch.Tensor]) -> Pair:
    """A loss made of a difference: squared or absolute, whichever gives the number."""
    difference = (output - target).detach()
    squared, absolute = (difference**2).mean(), difference.abs().mean()
    value = backwards[0].mean() if backwards else squared
    absolute_it_is = bool((absolute - value.abs()).abs() < 1e-4 * absolute)
    return Pair(
        "mae" if absolute_it_is else "mse",
        output,
        target,
        squared if not absolute_it_is else absolute,
        "handwritten",
    )


def _non_finite_record(tensor: torch.Tensor) -> str:
    if not tensor.is_floating_point() or bool(torch.isfinite(tensor).all()):
        return ""
    rows = ~torch.isfinite(tensor.detach()).reshape(tensor.shape[0] if tensor.dim() else 1, -1)
    return f"record {int(rows.any(1).nonzero()[0])} of the batch"
