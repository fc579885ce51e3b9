"""Modes of Keras layers on PyTorch: an argument of each call, where PyTorch has a flag."""
# ruff: noqa: PLC0415 - torch is imported when it is needed

from collections import Counter
from collections.abc import Callable
from typing import Any


def install(inside: Callable[[Any, dict[str, Any]], None]) -> Any:
    """Count passes of layers whose mode matters, for the recorder of PyTorch; returns a handle.

    Args:
        inside: told of each layer that ran, and its arguments by name: where Keras trains itself,
            or by a ``train_step`` of one's own, that recorder is silent.

    A layer that is called without ``training`` rests, whatever ``model.train()`` has said. Behind
    layers that are frozen, whose outputs ask for no gradient, it rests on purpose.
    """
    from torch import is_grad_enabled
    from torch.nn.modules.module import register_module_forward_hook

    from harness.diagnosis.watch.torch_recorder import LISTENING

    def ran(module: Any, args: Any, kwargs: dict[str, Any], output: Any) -> None:
        del args
        if not is_grad_enabled() or not getattr(output, "requires_grad", False):
            return
        inside(module, kwargs)
        for recorder in LISTENING:
            if not recorder.deaf:
                recorder.guard.ask(None, count, recorder.asked_modes, module, kwargs)

    return register_module_forward_hook(ran, with_kwargs=True)


def count(asked: Counter[bool], module: Any, kwargs: dict[str, Any]) -> None:
    """Count a pass of a layer by whether it was asked to train, where that matters to it."""
    if _has_modes(module):
        asked[bool(kwargs.get("training"))] += 1


def _has_modes(module: Any) -> bool:
    """Whether a Keras layer drops units, or standardises by its batch, while it is trained."""
    if not getattr(module, "_call_has_training_arg", False):
        return False
    if type(module).__name__ == "BatchNormalization":
        return bool(module.trainable)
    shares = (getattr(module, name, 0.0) for name in ("rate", "dropout", "recurrent_dropout"))
    return any(isinstance(share, float) and share > 0 for share in shares)
