"""Updates that a script makes itself: their weights, their rate, and whether gradients are left."""

import torch

from harness.diagnosis.watch.records import Training

MOST_NODES = 1000
"""Nodes of a graph that are looked at for its leaves."""

ALIKE = 0.5
"""Share of an update that may point elsewhere than its gradient: rounding, or some momentum."""


class ByHand(torch.optim.Optimizer):
    """Stands for updates that a script makes itself, or forgets to make."""

    def __init__(self) -> None:
        super().__init__([torch.zeros(1)], {"lr": 0.0})
        self.param_groups[0]["params"] = []


def leaves(loss: torch.Tensor) -> list[torch.Tensor]:
    """The tensors that gradients of a loss end in, whether or not a module holds them."""
    found: list[torch.Tensor] = []
    seen: set[object] = set()
    waiting = [loss.grad_fn]
    while waiting and len(seen) < MOST_NODES:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        if hasattr(node, "variable"):
            found.append(node.variable)
        waiting += [following for following, _ in node.next_functions]
    return found


def note(training: Training) -> None:
    """Remember weights and gradients as a backward pass leaves them, for the next `look`."""
    held = [p for p in training.tensors.values() if p.grad is not None and not p.grad.is_sparse]
    training.before = [(p, p.detach().clone(), _gradient(p).clone()) for p in held]


def look(training: Training) -> None:
    """Compare with what was noted: how far the update went, and whether its gradients are left."""
    moved = [(p, old - p.detach(), gradient) for p, old, gradient in training.before]
    training.before = []
    if not any(bool(step.any()) for _, step, _ in moved):
        return
    left = any(p.grad is not None and bool(p.grad.any()) for p, _, _ in moved)
    training.zeroing_of(training.optimizer).used(stale=left)
    _, step, gradient = max(moved, key=lambda each: float(each[2].norm()))
    rate = (step * gradient).sum() / (gradient**2).sum()
    if float((step - rate * gradient).norm()) < ALIKE * float(step.norm()):
        training.rates.append(float(rate))


def _gradient(parameter: torch.Tensor) -> torch.Tensor:
    assert parameter.grad is not None  # noqa: S101  # the caller asked
    return parameter.grad.detach()
