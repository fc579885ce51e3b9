"""PyTorch's global state, put back after training."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import torch

from harness.backends.isolation import Setting, restored


@contextmanager
def torch_restored() -> Iterator[None]:
    """Put PyTorch's global state and random numbers back at the end; gradients are on meanwhile.

    Leaving inference mode's guard undoes guards that were entered within and never left.
    """
    grad = torch.is_grad_enabled()
    try:
        with (
            torch.random.fork_rng(),
            restored(SETTINGS),
            torch.inference_mode(torch.is_inference_mode_enabled()),
        ):
            yield
    finally:
        torch.set_grad_enabled(grad)


def _device_if_set() -> torch.device | None:
    device = torch.get_default_device()
    return None if device.type == "cpu" else device


def _flag(owner: Any, name: str) -> Setting:
    return Setting(
        f"{owner.__name__}.{name}", partial(getattr, owner, name), partial(setattr, owner, name)
    )


def _autocast(device: str) -> tuple[Setting, Setting]:
    return (
        Setting(
            f"autocast on {device}",
            partial(torch.is_autocast_enabled, device),
            partial(_set_autocast, device),
        ),
        Setting(
            f"type of autocast on {device}",
            partial(torch.get_autocast_dtype, device),
            partial(torch.set_autocast_dtype, device),
        ),
    )


def _set_autocast(device: str, on: bool) -> None:
    torch.set_autocast_enabled(device, on)
    torch.clear_autocast_cache()


def _autocast_depth() -> int:
    """Return how many autocast contexts are open: the last to end forgets cast weights."""
    opened: int = torch.autocast_increment_nesting()
    torch.autocast_decrement_nesting()
    return opened - 1


def _set_autocast_depth(wanted: int) -> None:
    while _autocast_depth() > wanted:
        torch.autocast_decrement_nesting()
    while _autocast_depth() < wanted:
        torch.autocast_increment_nesting()
    torch.clear_autocast_cache()


def _flushes_denormals() -> bool:
    return bool(sys.float_info.min / 2 == 0)


def _deterministic() -> tuple[bool, bool]:
    return (
        torch.are_deterministic_algorithms_enabled(),
        torch.is_deterministic_algorithms_warn_only_enabled(),
    )


def _set_deterministic(wanted: tuple[bool, bool]) -> None:
    torch.use_deterministic_algorithms(wanted[0], warn_only=wanted[1])


def _anomaly() -> tuple[bool, bool]:
    return torch.is_anomaly_enabled(), torch.is_anomaly_check_nan_enabled()


def _matmul_precision() -> str | None:
    try:
        return torch.get_float32_matmul_precision()
    except RuntimeError:  # backends have one each, set one by one
        return None


def _set_matmul_precision(wanted: str | None) -> None:
    if wanted is not None:
        torch.set_float32_matmul_precision(wanted)


def _precision(*names: str) -> Iterator[Setting]:
    """Yield the precision of float32 per backend and operation, where this PyTorch has it."""
    for name in names:
        owner: Any = torch.backends
        with suppress(AttributeError):
            for part in name.split("."):
                owner = getattr(owner, part)
            _ = owner.fp32_precision
            yield Setting(
                f"{name}.fp32_precision",
                partial(getattr, owner, "fp32_precision"),
                partial(setattr, owner, "fp32_precision"),
            )


SETTINGS = (
    Setting(
        "default device", _device_if_set, torch.set_default_device
    ),  # first: others make tensors
    Setting("default dtype", torch.get_default_dtype, torch.set_default_dtype),
    Setting("deterministic algorithms", _deterministic, _set_deterministic),
    Setting("anomaly mode", _anomaly, lambda wanted: torch.autograd.set_detect_anomaly(*wanted)),
    *_autocast("cpu"),
    *_autocast("cuda"),
    Setting("open autocast contexts", _autocast_depth, _set_autocast_depth),
    Setting("autocast's cache", torch.is_autocast_cache_enabled, torch.set_autocast_cache_enabled),
    Setting("float32 matmul precision", _matmul_precision, _set_matmul_precision),  # before each's
    *_precision("cuda.matmul", "cudnn.conv", "cudnn.rnn", "mkldnn.matmul", "mkldnn.rnn"),
    *(_flag(torch.backends.cudnn, name) for name in ("enabled", "benchmark", "deterministic")),
    _flag(torch.backends.mkldnn, "enabled"),
    Setting("flushing of denormals", _flushes_denormals, torch.set_flush_denormal),
    Setting("threads", torch.get_num_threads, torch.set_num_threads),
)
