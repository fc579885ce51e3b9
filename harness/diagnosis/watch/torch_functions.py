"""PyTorch functions that the recorder wraps: losses, activations, comparison, backward."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

import functools
import weakref
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F  # noqa: N812 - the name that everybody gives it
from torch import nn
from torch.compiler import is_compiling

from harness.diagnosis.canonical import LEFT_OUT
from harness.diagnosis.observations import LossKind
from harness.diagnosis.watch.records import Pair
from harness.diagnosis.watch.torch_decisions import install_decisions

if TYPE_CHECKING:
    from harness.diagnosis.watch.torch_recorder import Recorder

LOSSES: dict[str, LossKind] = {
    "cross_entropy": "cross_entropy",
    "nll_loss": "nll",
    "binary_cross_entropy": "bce",
    "binary_cross_entropy_with_logits": "bce_logits",
    "mse_loss": "mse",
    "l1_loss": "mae",
    "smooth_l1_loss": "mae",
    "huber_loss": "mae",
    "kl_div": "divergence",
    "poisson_nll_loss": "poisson",
    "hinge_embedding_loss": "other",
    "soft_margin_loss": "margin",
    "multilabel_soft_margin_loss": "bce_logits",
    "gaussian_nll_loss": "likelihood",
    "cosine_similarity": "other",
}

COSINE = "cosine_similarity"
"""Heard where it is a mistake, between single numbers: elsewhere it compares embeddings."""

POISSON = "poisson_nll_loss"

OPERANDS = ("input", "x1", "target", "x2")
"""Names of what a loss compares, where it is passed by name."""


def install(recorder: "Recorder") -> None:
    """Wrap what the recorder wants to hear of."""
    put = recorder.patches.replace
    for name, kind in LOSSES.items():
        put(F, name, partial(_loss, recorder, name, kind))
    put(torch.autograd, "backward", partial(_backward, recorder))
    put(torch.autograd, "grad", partial(_grad, recorder))
    for name in ("__eq__", "eq"):
        put(torch.Tensor, name, partial(_equal, recorder))
    put(torch, "eq", partial(_equal, recorder))
    for name in ("__sub__", "sub", "__rsub__"):
        put(torch.Tensor, name, partial(_difference, recorder))
    put(torch, "sub", partial(_difference, recorder))
    for owner in (torch, torch.Tensor):
        for name in ("sigmoid", "tanh", "relu"):
            put(owner, name, partial(_activation, recorder, name))
    install_decisions(recorder)
    for cell in (nn.LSTM, nn.GRU, nn.RNN, nn.LSTMCell, nn.GRUCell, nn.RNNCell):
        put(cell, "forward", partial(_recurrent, recorder))
    for name in ("clip_grad_norm_", "clip_grad_value_"):
        put(torch.nn.utils, name, partial(_clip, recorder))
    put(torch.utils.data.DataLoader, "__init__", partial(_loader, recorder))
    put(torch.optim.Optimizer, "__init__", partial(_optimizer, recorder))
    recorder.patches.replace_imported("torch")


def _loss(recorder: "Recorder", name: str, kind: LossKind, original: Callable[..., Any]) -> Any:
    @functools.wraps(original)
    def loss(*args: Any, **kwargs: Any) -> Any:
        value = original(*args, **kwargs)
        given = [*args, *(kwargs[key] for key in OPERANDS if key in kwargs)]
        input, target = given[:2]  # noqa: A001 - torch's own name
        both = isinstance(input, torch.Tensor) and isinstance(target, torch.Tensor)
        if recorder.deaf or not both or (name == COSINE and input.shape[-1] > 1):
            return value
        met = "likelihood" if name == POISSON and not _of_logarithms(args, kwargs) else kind
        resting = recorder.resting
        if resting is not None and value.requires_grad:
            resting.pairs.append((met, input, target, value, name))
        else:
            weighted = recorder.close and _weighted(args[2:], kwargs)
            ignored = kwargs.get("ignore_index", LEFT_OUT)
            summed = "sum" in (kwargs.get("reduction"), *(a for a in args if isinstance(a, str)))
            recorder.loss_seen(
                Pair(met, input, target, value, name, weighted, ignored, summed=summed)
            )
        return value

    return loss


def _of_logarithms(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether Poisson's loss takes the logarithm of the rate, as it does unless told otherwise."""
    return bool(kwargs.get("log_input", args[2] if len(args) > 2 else True))


def _weighted(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    given = (*args[:1], kwargs.get("weight"), kwargs.get("pos_weight"))
    return any(isinstance(weight, torch.Tensor) for weight in given)


def _backward(recorder: "Recorder", original: Callable[..., Any]) -> Any:
    @functools.wraps(original)
    def backward(tensors: Any, *args: Any, **kwargs: Any) -> Any:
        resting = recorder.resting
        if resting is not None and not is_compiling():
            resting.backwards.append(tensors)
        elif not recorder.deaf:
            recorder.backward_begins(tensors)
        result = original(tensors, *args, **kwargs)
        if recorder.resting is None and not recorder.deaf:
            recorder.backward_ended()
        return result

    return backward


def _grad(recorder: "Recorder", original: Callable[..., Any]) -> Any:
    @functools.wraps(original)
    def grad(outputs: Any, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        updates = not kwargs.get("create_graph") and _are_weights(inputs)
        if updates and not recorder.deaf and not recorder.made.trainings:
            recorder.backward_begins(outputs)
        return original(outputs, inputs, *args, **kwargs)

    return grad


def _are_weights(inputs: Any) -> bool:
    """Whether gradients are asked for that an update by hand would use: of several leaves."""
    several = isinstance(inputs, (list, tuple)) or hasattr(inputs, "__next__")
    listed = inputs if isinstance(inputs, (list, tuple)) else ()
    return several and all(isinstance(t, torch.Tensor) and t.is_leaf for t in listed)


def _equal(recorder: "Recorder", original: Callable[..., Any]) -> Any:
    @functools.wraps(original)
    def equal(input: Any, other: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: A002 - torch's own name
        both = isinstance(input, torch.Tensor) and isinstance(other, torch.Tensor)
        result = original(input, other, *args, **kwargs)
        if not recorder.deaf and both and input.dim() and other.dim():
            recorder.scores.compared(input, other, result)
        return result

    return equal


def _difference(recorder: "Recorder", original: Callable[..., Any]) -> Any:
    @functools.wraps(original)
    def difference(input: Any, other: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: A002 - torch's own name
        if (
            not recorder.deaf
            and recorder.outside
            and isinstance(input, torch.Tensor)
            and isinstance(other, torch.Tensor)
            and other.dim()
            and input.dim()
        ):
            recorder.difference(input, other)
        return original(input, other, *args, **kwargs)

    return difference


def _activation(recorder: "Recorder", kind: str, original: Callable[..., Any]) -> Any:
    @functools.wraps(original)
    def activation(input: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: A002 - torch's own name
        output = original(input, *args, **kwargs)
        if not recorder.deaf and recorder.close and torch.is_grad_enabled():
            recorder.guard.ask(None, _note_bounds, recorder, kind, output)
        return output

    return activation


def _note_bounds(recorder: "Recorder", kind: str, output: torch.Tensor) -> None:
    """Measure how much of an activation lies at its bounds; of ReLU, units that are always off."""
    seen = recorder.pending.activations
    if output.numel() == 0 or not output.is_floating_point() or len(seen) >= 64:
        return
    values = output.detach()
    if kind == "relu":
        flat = values.reshape(-1, values.shape[-1]) if values.dim() > 1 else values[None]
        share = float((flat.amax(0) <= 0).float().mean())
    else:
        low = 0.0 if kind == "sigmoid" else -1.0
        share = float(((values - low < 0.01) | (1 - values < 0.01)).float().mean())
    seen.append((kind, share, values.shape[-1] if values.dim() else 1))


def _recurrent(recorder: "Recorder", original: Callable[..., Any]) -> Any:
    @functools.wraps(original)
    def forward(module: Any, input: Any, hx: Any = None) -> Any:  # noqa: A002 - torch's own name
        if recorder.resting is None and not recorder.deaf:
            recorder.state_given(module, hx)
        return original(module, input, hx)

    return forward


def _clip(recorder: "Recorder", original: Callable[..., Any]) -> Any:
    @functools.wraps(original)
    def clip(*args: Any, **kwargs: Any) -> Any:
        total = original(*args, **kwargs)
        named = [kwargs[name] for name in ("max_norm", "clip_value") if name in kwargs]
        recorder.clip_seen(*(named or args[1:2]))
        return total

    return clip


def _loader(recorder: "Recorder", original: Callable[..., Any]) -> Any:
    @functools.wraps(original)
    def init(loader: Any, *args: Any, **kwargs: Any) -> None:
        original(loader, *args, **kwargs)
        recorder.loaders.append(loader)

    return init


def _optimizer(recorder: "Recorder", original: Callable[..., Any]) -> Any:
    @functools.wraps(original)
    def init(optimizer: Any, *args: Any, **kwargs: Any) -> None:
        original(optimizer, *args, **kwargs)
        recorder.optimizers.append(weakref.ref(optimizer))

    return init
