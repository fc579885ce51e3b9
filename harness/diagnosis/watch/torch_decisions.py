"""PyTorch functions by which a script decides for classes, and by which it drops units."""

import functools
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F  # noqa: N812 - the name that everybody gives it

if TYPE_CHECKING:
    from harness.diagnosis.watch.torch_recorder import Recorder


def install_decisions(recorder: "Recorder") -> None:
    """Wrap them for as long as the recorder listens."""
    for owner, name, make in (
        (torch, "argmax", _largest),
        (torch.Tensor, "argmax", _largest),
        (torch, "max", _largest),
        (torch.Tensor, "max", _largest),
        (torch.Tensor, "__gt__", _threshold),
        (torch.Tensor, "gt", _threshold),
        (torch.Tensor, "__ge__", _threshold),
        (torch.Tensor, "ge", _threshold),
        (torch, "round", _round),
        (torch.Tensor, "round", _round),
        (F, "dropout", _dropout),
        *((owner, name, _sum) for owner in (torch, torch.Tensor) for name in ("sum", "mean")),
        *((torch.Tensor, name, _cast) for name in ("float", "double", "int", "long")),
    ):
        recorder.patches.replace(owner, name, partial(make, recorder))


def _largest(recorder: "Recorder", original: Callable[..., Any]) -> Any:
    @functools.wraps(original)
    def largest(input: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: A002 - torch's own name
        axis = args[0] if args else kwargs.get("dim")
        if not recorder.deaf and isinstance(input, torch.Tensor) and isinstance(axis, int):
            recorder.decided("argmax", input, axis)
        return original(input, *args, **kwargs)

    return largest


def _threshold(recorder: "Recorder", original: Callable[..., Any]) -> Any:
    @functools.wraps(original)
    def above(input: Any, other: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: A002 - torch's own name
        if not recorder.deaf and isinstance(input, torch.Tensor) and isinstance(other, float):
            recorder.decided("gt", input, other)
        return original(input, other, *args, **kwargs)

    return above


def _sum(recorder: "Recorder", original: Callable[..., Any]) -> Any:
    @functools.wraps(original)
    def summed(input: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: A002 - torch's own name
        if recorder.scores.comparison is not None:
            recorder.scores.counted(input)
        return original(input, *args, **kwargs)

    return summed


def _cast(recorder: "Recorder", original: Callable[..., Any]) -> Any:
    @functools.wraps(original)
    def cast(input: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: A002 - torch's own name
        result = original(input, *args, **kwargs)
        if recorder.scores.comparison is not None:
            recorder.scores.cast(input, result)
        return result

    return cast


def _heard(
    recorder: "Recorder",
    input: Any = None,  # noqa: A002 - torch's own name
    p: float = 0.5,
    training: bool = True,
    inplace: bool = False,
) -> None:
    del input, inplace
    recorder.dropped(p if training else 0.0, always=training and p > 0)


def _round(recorder: "Recorder", original: Callable[..., Any]) -> Any:
    @functools.wraps(original)
    def rounded(input: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: A002 - torch's own name
        if not recorder.deaf and isinstance(input, torch.Tensor):
            recorder.decided("round", input, 0.5)
        return original(input, *args, **kwargs)

    return rounded


def _dropout(recorder: "Recorder", original: Callable[..., Any]) -> Any:
    @functools.wraps(original)
    def dropout(*args: Any, **kwargs: Any) -> Any:
        if not recorder.deaf:
            recorder.guard.ask(None, _heard, recorder, *args, **kwargs)
        return original(*args, **kwargs)

    return dropout
