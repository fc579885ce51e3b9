"""One edit at a time, made to a script while it runs: what --confirm tries."""
# ruff: noqa: PLC0415 - torch and Keras are imported when they are needed

from collections.abc import Callable
from typing import Any
from weakref import WeakSet

from harness.diagnosis.names import Cause
from harness.diagnosis.observations import Optimizer
from harness.diagnosis.rates import ANY, lowered, raised, usual
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

RATES = {"rate_up": raised, "rate_down": lowered}


class Edit:
    """One edit, and whether the script came to a place where it could be made.

    Args:
        name: of `REMEDIES`.
        patches: what is replaced, and put back.
    """

    def __init__(self, name: str, patches: Patches) -> None:
        self.name = name
        self.patches = patches
        self.acted = False
        self._changed: WeakSet[Any] = WeakSet()  # Keras optimizers whose rate is the edited one
        self._scale: tuple[Any, Any] | None = None  # mean and spread of what is fitted first
        self._fitting = False

    def in_torch(self) -> None:
        """Wait for the places in PyTorch."""
        import torch

        made = torch.optim.Optimizer
        if self.name in RATES:
            self.patches.replace(made, "__init__", self._scaled)
            self.patches.replace(made, "load_state_dict", _rates_held)
        if self.name == "zero":
            self.patches.replace(made, "__init__", lambda old: self._hooked(old, _zero_after))
        if self.name == "clip":
            self.patches.replace(made, "__init__", lambda old: self._hooked(old, _clip_before))
        if self.name == "shuffle":
            self.patches.replace(torch.utils.data.DataLoader, "__init__", self._shuffled)
        if self.name == "no_activation":
            self._remove_activations()
        if self.name == "standardise":
            self.patches.replace(torch.nn.Module, "__call__", self._standardising)

    def in_keras(self) -> None:
        """Wait for `fit`."""
        import keras

        self.patches.replace(keras.Model, "fit", self._fit)
        if self.name == "standardise":
            self.patches.replace(keras.Model, "evaluate", self._evaluate)

    def _scaled(self, original: Callable[..., None]) -> Callable[..., None]:
        def init(made: Any, params: Any, defaults: dict[str, Any]) -> None:
            if isinstance(defaults.get("lr"), float):
                self.acted = True
                rate = self._other_rate(made, defaults["lr"], defaults.get("momentum"))
                defaults = {**defaults, "lr": rate}
            original(made, params, defaults)

        return init

    def _other_rate(self, optimizer: Any, rate: float, momentum: Any) -> float:
        """The rate that the remedy names for this optimizer."""
        known = Optimizer(type(optimizer).__name__.lower(), momentum=float(momentum or 0))
        return RATES[self.name](rate, usual(known) or ANY)

    def _hooked(
        self, original: Callable[..., None], hook: Callable[[Any], None]
    ) -> Callable[..., None]:
        def init(made: Any, *args: Any, **kwargs: Any) -> None:
            original(made, *args, **kwargs)
            self.acted = True
            hook(made)

        return init

    def _shuffled(self, original: Callable[..., None]) -> Callable[..., None]:
        def init(made: Any, dataset: Any, *args: Any, **kwargs: Any) -> None:
            if "sampler" not in kwargs and "batch_sampler" not in kwargs and not args[1:]:
                self.acted = True
                kwargs["shuffle"] = True
            original(made, dataset, *args, **kwargs)

        return init

    def _remove_activations(self) -> None:
        import torch

        for owner in (torch, torch.nn.functional):
            for name in ("softmax", "sigmoid"):
                self.patches.replace(owner, name, lambda _: lambda x, *_, **__: self._passed(x))
        for module in (torch.nn.Softmax, torch.nn.Sigmoid, torch.nn.Tanh):
            self.patches.replace(module, "forward", lambda _: lambda _, x: self._passed(x))

    def _passed(self, values: Any) -> Any:
        self.acted = True
        return values

    def _standardising(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Standardise what comes into the outermost module with the first batch's statistics."""
        seen: dict[int, Any] = {}
        depth = [0]

        def call(module: Any, *args: Any, **kwargs: Any) -> Any:
            if (
                depth[0] == 0
                and args
                and _numbers(args[0])
                and any(True for _ in module.parameters())
            ):
                self.acted = True
                flat = args[0].reshape(-1, args[0].shape[-1])
                mean, std = seen.setdefault(id(module), (flat.mean(0), flat.std(0) + 1e-8))
                args = ((args[0] - mean) / std, *args[1:])
            depth[0] += 1
            try:
                return original(module, *args, **kwargs)
            finally:
                depth[0] -= 1

        return call

    def _fit(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def fit(model: Any, *args: Any, **kwargs: Any) -> Any:
            optimizer = model.optimizer
            if self.name in RATES and optimizer not in self._changed:
                self._changed.add(optimizer)
                optimizer.learning_rate = self._other_rate(
                    optimizer, float(optimizer.learning_rate), getattr(optimizer, "momentum", 0)
                )
                self.acted = True
            if self.name == "clip":
                optimizer.clipnorm, self.acted = 1.0, True
            if self.name == "shuffle":
                kwargs["shuffle"], self.acted = True, True
            if self.name == "standardise":
                args, kwargs = self._standardised_of(args, kwargs)
            self._fitting = True
            try:
                return original(model, *args, **kwargs)
            finally:
                self._fitting = False

        return fit

    def _evaluate(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def evaluate(model: Any, *args: Any, **kwargs: Any) -> Any:
            if self._scale is not None and not self._fitting:  # `fit` was given its validation
                args, kwargs = self._standardised_of(args, kwargs)
            return original(model, *args, **kwargs)

        return evaluate

    def _standardised_of(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Arguments of `fit` or `evaluate` with their inputs standardised."""
        if args:
            args = (self._standardised(args[0]), *args[1:])
        elif "x" in kwargs:
            kwargs["x"] = self._standardised(kwargs["x"])
        if isinstance(held_out := kwargs.get("validation_data"), tuple):
            kwargs["validation_data"] = (self._standardised(held_out[0]), *held_out[1:])
        return args, kwargs

    def _standardised(self, inputs: Any) -> Any:
        import numpy as np

        if not isinstance(inputs, np.ndarray):
            return inputs
        self.acted = True
        if self._scale is None:
            axes = tuple(range(inputs.ndim - 1))
            self._scale = inputs.mean(axes), inputs.std(axes) + 1e-8
        mean, spread = self._scale
        return ((inputs - mean) / spread).astype("float32")


def _numbers(value: Any) -> bool:
    """Whether these are inputs as the script has them, which a mean can be taken of."""
    return bool(getattr(value, "is_floating_point", bool)()) and not value.requires_grad


def _rates_held(original: Callable[..., None]) -> Callable[..., None]:
    """A checkpoint brings its state, and leaves the rates as they were edited."""

    def load(optimizer: Any, *args: Any, **kwargs: Any) -> None:
        rates = [group.get("lr") for group in optimizer.param_groups]
        original(optimizer, *args, **kwargs)
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate
            if "initial_lr" in group:  # what a schedule starts from
                group["initial_lr"] = rate

    return load


def _zero_after(optimizer: Any) -> None:
    optimizer.register_step_post_hook(lambda made, args, kwargs: made.zero_grad())


def _clip_before(optimizer: Any) -> None:
    import torch

    def clip(made: Any, args: Any, kwargs: Any) -> None:
        del args, kwargs
        for group in made.param_groups:
            torch.nn.utils.clip_grad_norm_(group["params"], 1.0)

    optimizer.register_step_pre_hook(clip)
