"""What the graph says about the output: the function that was applied last before the loss."""

import torch

from harness.diagnosis.observations import Function

TRANSPARENT = ("View", "Squeeze", "Unsqueeze", "Select", "Slice", "Transpose", "Permute", "Reshape")
"""Nodes of a graph that change a shape only."""

FUNCTIONS: dict[str, Function] = {
    "SoftmaxBackward": "softmax",
    "LogSoftmaxBackward": "log_softmax",
    "SigmoidBackward": "sigmoid",
    "TanhBackward": "tanh",
    "ReluBackward": "relu",
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
    node = output.grad_fn
    for _ in range(8):
        if node is None:
            return "unknown", False
        name = type(node).__name__.removesuffix("0").removesuffix("1")
        if name in FUNCTIONS:
            axis = getattr(node, "_saved_dim", None)
            over_batch = axis == 0 and output.dim() > 1 and output.shape[0] > 1
            return FUNCTIONS[name], over_batch
        if not any(part in name for part in TRANSPARENT):
            return "unknown", False
        node = node.next_functions[0][0] if node.next_functions else None
    return "unknown", False
