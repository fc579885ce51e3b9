"""Which updates belong to which training, and what is written down of each."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

import math

import torch

from harness.diagnosis.watch.by_hand import ByHand, leaves, look, note
from harness.diagnosis.watch.frames import local_arrays
from harness.diagnosis.watch.graph import last_function
from harness.diagnosis.watch.kept import Keeper, first_input
from harness.diagnosis.watch.pairs import handwritten, mean_value, negated
from harness.diagnosis.watch.records import Pair, Pending, Training
from harness.diagnosis.watch.tensors import detached
from harness.diagnosis.watch.weighed import without_padding
from harness.diagnosis.watch.weights import named_weights

FIRST_LOOKS = 16
"""Updates at the start that are all looked at closely."""


AT_ONCE = 32
"""Trainings that may go on at the same time: of hundreds, one after the other, most are over."""


class Updates:
    """The trainings of a program, told apart by the parameters that their optimizers hold."""

    def __init__(self, *, every: int, scripts: str | None, order: bool) -> None:
        self.every = every
        self.scripts = scripts
        self.trainings: list[Training] = []
        self.by_hand: Training | None = None
        self.updates = 0
        self.close = True
        self.keeper = Keeper(order=order)
        self._order: dict[int, int] = {}
        self._last: Training | None = None
        self._known: dict[int, tuple[torch.optim.Optimizer, int, Training]] = {}
        self._groups: dict[frozenset[int], Training] = {}

    def updates_of(self, pending: Pending) -> int:
        """Updates made so far of the network that is in use."""
        if self.by_hand is not None and not self.trainings:
            return self.by_hand.steps
        used = {id(call.module) for call in pending.calls}
        return next((t.steps for t in self.trainings if used & set(t.modules)), 0)

    # Gradients ------------------------------------------------------------------------------

    def backward_begins(self, loss: torch.Tensor | None, pending: Pending) -> Pending:
        """Gradients are about to be computed; returns what is pending from now on."""
        if self.close:
            for training in self.trainings[-AT_ONCE:]:
                for zeroing in training.zeroing.values():
                    zeroing.backward_begins()
        if loss is None:
            return pending
        if pending.backwards and not self.trainings and pending.backwards[-1].numel() == 1:
            pending = self._update_by_hand(pending, loss)
        if len(pending.backwards) < 64:
            pending.backwards.append(loss.detach())
            pending.met = len(pending.calls), len(pending.pairs), len(pending.differences)
        if loss.requires_grad and loss.grad_fn is None:
            pending.cut = True
        return pending

    def backward_ended(self) -> None:
        """Gradients have been computed: an update by hand would use them as they are."""
        if self.by_hand is not None and not self.trainings and self.close:
            note(self.by_hand)

    def _update_by_hand(self, pending: Pending, loss: torch.Tensor) -> Pending:
        """No optimizer has made an update yet: the script may make its own after each backward."""
        if self.by_hand is None:
            self.by_hand = Training(ByHand())
        training = self.by_hand
        fresh = pending.after_backward()
        if training.steps == 0:
            training.tensors.update({id(leaf): leaf for leaf in leaves(loss)})
            self._first(training, pending)
            training.optimized |= {k for k, p in training.tensors.items() if p.requires_grad}
        if self.close:
            look(training)
        self._close_step(training, pending)
        training.steps += 1
        self.updates += 1
        self.close = self._close_look(training.steps)
        return fresh

    # Steps ----------------------------------------------------------------------------------

    def before_step(self, optimizer: torch.optim.Optimizer, pending: Pending) -> bool:
        """An optimizer is about to make an update; whether its gradients are finite."""
        training = self._training_of(optimizer, pending)
        training.zeroing_of(optimizer).updates()
        if training.steps == 0:
            self._first(training, pending)
        if training.steps and not self.close:
            return True
        held = [
            p for group in optimizer.param_groups for p in group["params"] if p.grad is not None
        ]
        norms = _norms([parameter.grad for parameter in held])
        for parameter, norm in zip(held, norms, strict=True):
            training.gradients.setdefault(id(parameter), []).append(norm)
        own = {id(p) for group in optimizer.param_groups for p in group["params"]}
        training.erased += bool(pending.arrived & own) and not any(norms)
        return all(map(math.isfinite, norms))

    def after_step(self, optimizer: torch.optim.Optimizer, pending: Pending) -> bool:
        """An update was made; whether it ended what was pending."""
        training = self._training_of(optimizer, pending)
        fresh = bool(pending.backwards or pending.pairs)
        training.rates.append(float(optimizer.param_groups[0]["lr"]))
        if not fresh and training.steps:
            return False  # a second optimizer after the same backward pass
        self._close_step(training, pending)
        self._last = training
        self.counted(training)
        return True

    def counted(self, training: Training) -> None:
        """One more update of a training is written down."""
        training.steps += 1
        training.last = self.updates
        self.updates += 1
        self.close = self._close_look(training.steps)

    def _close_look(self, step: int) -> bool:
        """Whether an update is looked at closely: one in every so many, each time another.

        At a fixed place within an epoch a loop may do what it does nowhere else.
        """
        turn, place = divmod(step, self.every)
        return step < FIRST_LOOKS or place == turn % self.every

    def _training_of(self, optimizer: torch.optim.Optimizer, pending: Pending) -> Training:
        known = self._known.get(id(optimizer))
        if known is not None and known[0] is optimizer and known[1] == len(optimizer.param_groups):
            return known[2]
        training = self._find_training(optimizer, pending)
        self._known[id(optimizer)] = (optimizer, len(optimizer.param_groups), training)
        return training

    def _find_training(self, optimizer: torch.optim.Optimizer, pending: Pending) -> Training:
        key = frozenset(id(p) for group in optimizer.param_groups for p in group["params"])
        training = self._groups.get(key)
        if training is None:
            shared = self._last if not pending.backwards else None
            training = shared or Training(optimizer, first=self.updates)
            if shared is None:
                self.trainings.append(training)
            self._groups[key] = training
        training.optimized |= key
        return training

    # What is written down -------------------------------------------------------------------

    def _first(self, training: Training, pending: Pending) -> None:
        """Remember the parameters and their starting values."""
        if self.scripts is not None:
            training.namespace.update(local_arrays(self.scripts))
        self._name(training, pending)
        for group in training.optimizer.param_groups:
            for parameter in group["params"]:
                training.tensors.setdefault(id(parameter), parameter)
        for key, tensor in list(training.tensors.items()):
            if not tensor.is_floating_point():
                del training.tensors[key]  # a generator's state, which Keras counts as a weight
            elif key not in training.start:
                training.start[key] = tensor.detach().clone()

    def _name(self, training: Training, pending: Pending) -> None:
        for call in pending.calls:
            training.modules.setdefault(id(call.module), call.module)
            for name, parameter in named_weights(call.module):
                training.tensors[id(parameter)] = parameter
                training.registered.add(id(parameter))
                training.names.setdefault(id(parameter), (name, "", 0))
        training.in_graph |= pending.in_graph
        for key, module in pending.ran.items():
            order = self._order.setdefault(key, len(self._order))
            training.children.setdefault(key, (module, order))
            for name, parameter in named_weights(module, parts=False):
                full = training.names.get(id(parameter), (f"{type(module).__name__}.{name}", "", 0))
                training.names[id(parameter)] = (full[0], type(module).__name__, order)
                training.tensors[id(parameter)] = parameter

    def _close_step(self, training: Training, pending: Pending) -> None:
        training.cut += pending.cut
        training.likelihood |= pending.likelihood
        training.more |= pending.more
        for call in pending.calls:
            training.passes += 1
            training.in_eval += not call.training
            training.was_train |= call.training
            if id(call.module) not in training.modules or training.steps == 0:
                self._name(training, pending)
        for at, (kind, share, width) in enumerate(pending.activations):
            training.activations.setdefault(f"{at}:{kind}", []).append((at, kind, share, width))
        pairs = without_padding(pending.pairs, first_input(pending.calls))
        objective = pending.backwards[0] if pending.backwards else None
        if not pairs and pending.differences:
            pairs = [handwritten(*pending.differences[-1], objective)]
        if objective is not None:
            training.objective.append(objective.mean() if objective.dim() else objective)
        if pairs:
            _remember(training, pairs)
            training.losses.append(mean_value(pairs))
            if self.close and objective is not None and len(pending.backwards) == len(pairs):
                flipped = negated(objective, pairs[0].value)
                training.negated += bool(flipped)
                training.compared += flipped is not None
            self.keeper.keep(training, pending, pairs, close=self.close)
        elif objective is not None:
            training.losses.append(objective.mean())


def _remember(training: Training, pairs: list[Pair]) -> None:
    """Keep the first loss of a training, or the first of which a mask has taken something out."""
    if training.pair is None:
        training.function, training.over_batch = last_function(pairs[0].output)
    known = training.pair is not None and training.pair.masked
    masked = next((pair for pair in pairs if pair.masked and not known), None)
    if masked is not None or training.pair is None:
        training.pair = detached(masked or pairs[0])


@torch.no_grad()
def _norms(gradients: list[torch.Tensor]) -> list[float]:
    """Norms, of all in one call where they are dense and on one device."""
    if any(each.is_sparse for each in gradients):
        return [float((g.coalesce().values() if g.is_sparse else g).norm()) for g in gradients]
    norms = list(torch._foreach_norm(gradients)) if gradients else []  # noqa: SLF001 - as PyTorch's clipping does
    alike = len({(norm.device, norm.dtype) for norm in norms}) == 1
    return torch.stack(norms).tolist() if alike else list(map(float, norms))
