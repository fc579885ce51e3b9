"""One edit at a time, made to a script while it runs: what --confirm tries."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it
# ruff: noqa: PLC0415 - torch and Keras are imported when they are needed

from collections.abc import Callable
from typing import Any

from harness.diagnosis.names import Cause
from harness.diagnosis.watch.patches import Patches

REMEDIES: dict[Cause, str] = {
    "learning_rate_too_low": "rate_up",
    "learning_rate_too_high": "rate_down",
    "exploding_gradient": "clip",
    "unnormalized_inputs": "standardise",
    "wrong_output_activation": "no_activation",
    "stale_gradients": "zero",
    "not_shuffled": "shuffle",
}
"""The edit that stands for each cause's remedy; other remedies need a person."""


def install(edit: str, patches: Patches) -> None:
    """Make an edit in PyTorch, and in Keras if it is there."""
    import torch

    optimizer = torch.optim.Optimizer
    if edit in {"rate_up", "rate_down"}:
        factor = 10.0 if edit == "rate_up" else 0.1
        patches.replace(optimizer, "__init__", lambda original: _scaled(original, factor))
    if edit == "zero":
        patches.replace(optimizer, "__init__", lambda original: _hooked(original, _zero_after))
    if edit == "clip":
        patches.replace(optimizer, "__init__", lambda original: _hooked(original, _clip_before))
    if edit == "shuffle":
        patches.replace(torch.utils.data.DataLoader, "__init__", _shuffled)
    if edit == "no_activation":
        for owner in (torch, torch.nn.functional):
            for name in ("softmax", "sigmoid"):
                patches.replace(owner, name, lambda original: lambda x, *a, **k: x)
        for module in (torch.nn.Softmax, torch.nn.Sigmoid, torch.nn.Tanh):
            patches.replace(module, "forward", lambda original: lambda self, x: x)
    if edit == "standardise":
        patches.replace(torch.nn.Module, "__call__", _standardising)


def install_keras(edit: str, patches: Patches) -> None:
    """Make the same edit at the door of `fit`."""
    import keras

    patches.replace(keras.Model, "fit", lambda original: _fit(original, edit))


def _scaled(original: Callable[..., None], factor: float) -> Callable[..., None]:
    def init(self: Any, params: Any, defaults: dict[str, Any]) -> None:
        if isinstance(defaults.get("lr"), float):
            defaults = {**defaults, "lr": defaults["lr"] * factor}
        original(self, params, defaults)

    return init


def _hooked(original: Callable[..., None], hook: Callable[[Any], None]) -> Callable[..., None]:
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        hook(self)

    return init


def _zero_after(optimizer: Any) -> None:
    optimizer.register_step_post_hook(lambda made, args, kwargs: made.zero_grad())


def _clip_before(optimizer: Any) -> None:
    import torch

    def clip(made: Any, args: Any, kwargs: Any) -> None:
        for group in made.param_groups:
            torch.nn.utils.clip_grad_norm_(group["params"], 1.0)

    optimizer.register_step_pre_hook(clip)


def _shuffled(original: Callable[..., None]) -> Callable[..., None]:
    def init(self: Any, dataset: Any, *args: Any, **kwargs: Any) -> None:
        if "sampler" not in kwargs and "batch_sampler" not in kwargs and len(args) < 2:
            kwargs["shuffle"] = True
        original(self, dataset, *args, **kwargs)

    return init


def _standardising(original: Callable[..., Any]) -> Callable[..., Any]:
    """Standardise what comes into the outermost module with the first batch's statistics."""
    seen: dict[int, Any] = {}
    depth = [0]

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        if depth[0] == 0 and args and getattr(args[0], "is_floating_point", bool)():
            first = args[0]
            if not first.requires_grad and any(True for _ in self.parameters()):
                flat = first.reshape(-1, first.shape[-1])
                mean, std = seen.setdefault(id(self), (flat.mean(0), flat.std(0) + 1e-8))
                args = ((first - mean) / std, *args[1:])
        depth[0] += 1
        try:
            return original(self, *args, **kwargs)
        finally:
            depth[0] -= 1

    return call


def _fit(original: Callable[..., Any], edit: str) -> Callable[..., Any]:
    def fit(model: Any, *args: Any, **kwargs: Any) -> Any:
        import numpy as np

        optimizer = model.optimizer
        if edit in {"rate_up", "rate_down"}:
            factor = 10.0 if edit == "rate_up" else 0.1
            optimizer.learning_rate = float(optimizer.learning_rate) * factor
        if edit == "clip":
            optimizer.clipnorm = 1.0
        if edit == "shuffle":
            kwargs["shuffle"] = True
        if edit == "standardise" and args and isinstance(args[0], np.ndarray):
            axes = tuple(range(args[0].ndim - 1))
            mean, std = args[0].mean(axes), args[0].std(axes) + 1e-8
            args = (((args[0] - mean) / std).astype("float32"), *args[1:])
        return original(model, *args, **kwargs)

    return fit
