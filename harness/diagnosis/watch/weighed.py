"""Steps that weigh nothing in the objective: padding that a script takes out of its loss."""

from collections.abc import Callable
from dataclasses import replace

import torch

from harness.diagnosis.canonical import LEFT_OUT
from harness.diagnosis.watch.records import Pair


def listen(pair: Pair) -> None:
    """Notice which values of a loss that is not summed the objective weighs, by their gradient."""
    if pair.value.dim() and pair.value.numel() > 1:
        pair.value.register_hook(_into(pair.weighed))  # type: ignore[no-untyped-call]  # PyTorch leaves it untyped


def _into(kept: list[torch.Tensor]) -> Callable[[torch.Tensor], None]:
    """A hook that holds neither the loss nor its graph, which would never be given back."""

    def note(gradient: torch.Tensor) -> None:
        kept.append(gradient.detach() != 0)

    return note


def without_padding(pairs: list[Pair], inputs: torch.Tensor | None) -> list[Pair]:
    """Losses of steps without those that weigh nothing; those of whole records stay as they are.

    Records that weigh nothing may be the easiest ones, which a script leaves out on purpose; steps
    have no end of their own.

    Args:
        pairs: outputs and targets of one update.
        inputs: what the network was given, `[records, ...]` or `[steps, records, ...]`.
    """
    if not any(pair.weighed for pair in pairs) or (
        len(pairs) == 1 and _by_record(pairs[0], inputs)
    ):
        return pairs
    return [_without_padding(pair) for pair in pairs]


def _by_record(pair: Pair, inputs: torch.Tensor | None) -> bool:
    if pair.value.dim() > 1:
        return False
    return inputs is None or len(pair.value) in inputs.shape[:2]


def _without_padding(pair: Pair) -> Pair:
    weighed = pair.weighed[-1] if pair.weighed else None
    if weighed is None or bool(weighed.all()):
        return pair
    value = pair.value.detach()[weighed].mean() if weighed.any() else pair.value.detach().mean() * 0
    classes = pair.kind in {"cross_entropy", "nll"} and not pair.target.is_floating_point()
    if not classes or weighed.shape != pair.target.shape:
        return replace(pair, kind="other", value=value, masked=True)
    ignored = _stands_for_padding(pair.target.detach(), weighed)
    target = pair.target.detach().masked_fill(~weighed, LEFT_OUT if ignored is None else ignored)
    return replace(
        pair,
        target=target,
        value=value,
        ignored=LEFT_OUT if ignored is None else ignored,
        masked=ignored is None,
    )


def _stands_for_padding(target: torch.Tensor, weighed: torch.Tensor) -> int | None:
    """The class of all steps that are left out, and of no other."""
    out = target[~weighed]
    alone = bool((out == out[0]).all()) and not bool((target[weighed] == out[0]).any())
    return int(out[0]) if alone else None
