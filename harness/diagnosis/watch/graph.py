"""What the graph says about the output: the function that was applied last before the loss."""

from typing import Any

import torch

from harness.diagnosis.observations import Function

TRANSPARENT = ("View", "Squeeze", "Unsqueeze", "Select", "Slice", "Transpose", "Permute", "Reshape")
"""Nodes of a graph that change a shape only."""

PICKING = ("Index", "Gather")
"""Nodes that take values out."""

FUNCTIONS: dict[str, Function] = {
    "SoftmaxBackward": "softmax",
    "LogSoftmaxBackward": "log_softmax",
    "SigmoidBackward": "sigmoid",
    "TanhBackward": "tanh",
    "ReluBackward": "relu",
    "SoftplusBackward": "softplus",
    "ExpBackward": "exp",
    "MaxBackward": "largest",
    "AmaxBackward": "largest",
    "AddmmBackward": "linear",
    "MmBackward": "linear",
    "BmmBackward": "linear",
    "AddBackward": "linear",
    "ConvolutionBackward": "linear",
}


def last_function(output: torch.Tensor) -> tuple[Function, bool]:
    """What was applied last before the loss, and whether a softmax runs over the batch."""
    function, node = _before(output.grad_fn, TRANSPARENT)
    axis = getattr(node, "_saved_dim", None)
    return function, axis == 0 and output.dim() > 1 and output.shape[0] > 1


def _before(node: Any, passing: tuple[str, ...]) -> tuple[Function, Any]:
    """The function whose values reach a node through ``passing`` ones alone, and its own node."""
    for _ in range(8):
        if node is None:
            break
        name = type(node).__name__.rstrip("0123456789")
        if name in FUNCTIONS:
            return FUNCTIONS[name], node
        if not any(part in name for part in passing):
            break
        node = node.next_functions[0][0] if node.next_functions else None
    return "unknown", None


def logarithm_of_zero(loss: torch.Tensor) -> Function | None:
    """Function before a logarithm that took a finite value of zero or below; ``None``: none did."""
    for node in _nodes(loss):
        if not type(node).__name__.startswith(("LogBackward", "Log2Backward", "Log10Backward")):
            continue
        taken = node._saved_self.detach()  # noqa: SLF001 - PyTorch's own name for it
        if bool(torch.isfinite(taken).all()) and bool((taken <= 0).any()):
            return _before(node.next_functions[0][0], (*TRANSPARENT, *PICKING))[0]
    return None


MOST_NODES = 64
"""Nodes from the loss inwards that are looked at: a loss, not the network behind it."""


def _nodes(loss: torch.Tensor) -> list[Any]:
    """Nodes of a graph, those next to the loss first."""
    found = [loss.grad_fn] if loss.grad_fn is not None else []
    for node in found:
        following = [each for each, _ in node.next_functions if each is not None]
        found += [each for each in following if each not in found][: MOST_NODES - len(found)]
    return found


LAYERS = ("Addmm", "Mm", "Bmm", "Convolution", "Embedding")
"""Nodes in which a network's weights meet its values."""

MOST_BEHIND = 1000
"""Nodes looked at until a layer is met: a loss of many steps has as many parts."""


def has_other_parts(loss: torch.Tensor, outputs: list[torch.Tensor]) -> bool:
    """Whether what is minimised depends on layers by another way than through some outputs.

    So do a policy beside its critic, a code that is kept near a prior, and a gradient penalty; a
    penalty on the weights does not.
    """
    seen = {node for output in outputs for node in _shapes(output.grad_fn)}
    waiting = [loss.grad_fn]
    for _ in range(MOST_BEHIND):
        if not waiting:
            return False
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        if type(node).__name__.startswith(LAYERS):
            return True
        waiting += [following for following, _ in node.next_functions]
    return False


def _shapes(node: Any) -> list[Any]:
    """A node, and those behind it as long as they change a shape only."""
    found = []
    for _ in range(8):
        found.append(node)
        if node is None or not any(part in type(node).__name__ for part in TRANSPARENT):
            break
        node = node.next_functions[0][0]
    return found


AVERAGING = ("Mean", "Sum")


def is_likelihood(loss: torch.Tensor) -> bool:
    """Whether what is minimised is the log-likelihood of labels itself, without a minus.

    Only what can be nothing else: the mean of the log-softmax at one place of each record, or of
    logarithms weighted by labels and one minus labels. A weight of any other kind, such as a
    policy's cost, makes it another objective.
    """
    node: Any = loss.grad_fn
    averaged = picked = False
    for _ in range(8):
        name = type(node).__name__
        if name.startswith(PICKING):
            picked = True
        elif name.startswith("Mul"):
            return averaged and _one_hot(node)
        elif name.startswith("Add") and node is not None and len(node.next_functions) == 2:  # noqa: PLR2004 - one for each label
            return averaged and _complements([each for each, _ in node.next_functions])
        elif name.startswith("LogSoftmax"):
            return averaged and picked
        elif not name.startswith((*TRANSPARENT, *AVERAGING)):
            return False
        averaged |= name.startswith(AVERAGING)
        node = node.next_functions[0][0] if node.next_functions else None
    return False


def _weight(node: Any, kind: str) -> torch.Tensor | None:
    """What multiplies a logarithm of a kind; ``None`` if the node does anything else."""
    if not type(node).__name__.startswith("MulBackward"):
        return None
    (one, _), (two, _) = node.next_functions
    logarithm = one if two is None else two if one is None else None
    if not type(logarithm).__name__.startswith(kind):
        return None
    weight = node._saved_other if two is None else node._saved_self  # noqa: SLF001 - PyTorch's own names
    return weight.detach() if isinstance(weight, torch.Tensor) else None


def _complements(branches: list[Any]) -> bool:
    """Whether logarithms are weighted by labels between 0 and 1 and by the rest to 1."""
    one, two = (_weight(branch, "LogBackward") for branch in branches)
    if one is None or two is None or one.shape != two.shape:
        return False
    return bool(torch.allclose(one + two, torch.ones_like(one)) and one.min() >= 0 <= two.min())


def _one_hot(node: Any) -> bool:
    """Whether the log-softmax is weighted by shares that sum to 1."""
    weight = _weight(node, "LogSoftmax")
    if weight is None or weight.dim() < 2:  # noqa: PLR2004 - records and classes
        return False
    sums = weight.sum(-1)
    return bool(torch.allclose(sums, torch.ones_like(sums)) and weight.min() >= 0)
