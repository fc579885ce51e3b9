"""The options of a run: each on the command line and, under the same name, an ini key."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest

from harness.pytest_plugin.shard import Shard

PREFIX = "convergence_"
OFF = "off"
QUICK_SEEDS = 4
"""The fewest that refute a claim of the default rate, 90 %."""


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(f"must be a whole number from 1, got {text!r}")
    return int(text)


def _seconds(text: str) -> float:
    if not re.fullmatch(r"\d+(\.\d+)?", text) or float(text) == 0:
        raise ValueError(f"must be a number of seconds above 0, got {text!r}")
    return float(text)


def _workers(text: str) -> int | str:
    return text if text == "auto" else _at_least_one(text)


def _one_of(*words: str) -> Callable[[str], str]:
    def checked(text: str) -> str:
        if text not in words:
            raise ValueError(f"must be one of {', '.join(words)}, got {text!r}")
        return text

    return checked


@dataclass(frozen=True)
class Option:
    """One option; ``parse`` turns text into a value, or raises a `ValueError` that says why."""

    name: str
    default: Any
    help: str
    metavar: str | None = None
    parse: Callable[[str], Any] = str
    kind: Literal["string", "args", "bool"] = "string"

    @property
    def dest(self) -> str:
        """The name under which `config.getoption` and an ini file know it."""
        return PREFIX + self.name.replace("-", "_")

    @property
    def flag(self) -> str:
        """The name on the command line."""
        return f"--{PREFIX}{self.name}".replace("_", "-")


OPTIONS = (
    Option("backend", ("eager",), "train on this backend (repeatable)", "NAME", kind="args"),
    Option(
        "device", "cpu", "where it trains: whatever torch.device takes (default: cpu)", "DEVICE"
    ),
    Option("seeds", None, "train exactly N seeds a case", "N", _at_least_one),
    Option(
        "quick",
        False,
        f"train {QUICK_SEEDS} seeds a case; fail only what contradicts its claim already",
        kind="bool",
    ),
    Option(
        "check",
        False,
        "when collecting, import and call once the code of yours that scenario files name",
        kind="bool",
    ),
    Option(
        "shard",
        None,
        "train the K-th of N parts of what is selected, which take about as long",
        "K/N",
        Shard.parse,
    ),
    Option(
        "shard-by",
        None,
        "a report whose seconds divide the shards (default: accepted epochs, else an estimate)",
        "DIR",
        Path,
    ),
    Option(
        "workers",
        "auto",
        "processes that train; 1: in this process; auto (default): one a core",
        "N|auto",
        _workers,
    ),
    Option(
        "executor",
        "local",
        "where seeds are trained: local (default), dask=tcp://host:port, or a plugin's",
        "NAME[=ADDRESS]",
    ),
    Option(
        "seed-timeout",
        None,
        "seconds that a seed may take in a worker (default: 15 min for an epoch)",
        "SECONDS",
        _seconds,
    ),
    Option(
        "report-dir",
        Path("reports/latest"),
        "where reports are written (default: reports/latest)",
        "DIR",
        Path,
    ),
    Option(
        "keep-runs",
        20,
        "complete runs that are kept beside the last one (default: 20)",
        "N",
        _at_least_one,
    ),
    Option(
        "history",
        None,
        "where complete runs are recorded (default: history.sqlite beside the reports)",
        "FILE|off",
        lambda text: text if text == OFF else Path(text),
    ),
    Option("resume", False, "go on from a killed run's journal in the report folder", kind="bool"),
    Option(
        "baseline",
        "check",
        "accepted results: check (default), update, require them, or off",
        "check|update|require|off",
        _one_of("check", "update", "require", "off"),
    ),
    Option(
        "exact",
        False,
        "fail what is not bit for bit what was accepted",
        kind="bool",
    ),
    Option("reason", None, "why an existing baseline changes, for its review", "TEXT"),
    Option(
        "probes",
        "fast",
        "numerical checks before training (default: fast)",
        "off|fast|full",
        _one_of("off", "fast", "full"),
    ),
)


def declare(parser: pytest.Parser) -> None:
    """Add the options to the command line and to ini files."""
    group = parser.getgroup("convergence", "convergence scenarios")
    for option in OPTIONS:
        settings: dict[str, Any] = {"action": "store_true"}
        if option.kind != "bool":
            settings = {"metavar": option.metavar}
            settings["action"] = "append" if option.kind == "args" else "store"
        group.addoption(option.flag, help=option.help, default=None, **settings)
        parser.addini(option.dest, option.help, option.kind, default=None)


def backend_names(config: pytest.Config) -> list[str]:
    """Return the backends that were asked for, each once."""
    return list(dict.fromkeys(config.getoption("convergence_backend")))


def exact_seeds(config: pytest.Config) -> int | None:
    """Return how many seeds a case is trained with; ``None``: until its claim is decided."""
    if config.getoption("convergence_quick"):
        return QUICK_SEEDS
    seeds: int | None = config.getoption("convergence_seeds")
    return seeds


def resolve(config: pytest.Config) -> bool:
    """Settle each option: the command line wins over the ini file, which wins over the default.

    `config.getoption("convergence_...")` answers from then on.

    Returns:
        Whether the command line gave any.

    Raises:
        pytest.UsageError: if a value is none that the option takes.
    """
    asked = False
    for option in OPTIONS:
        given = getattr(config.option, option.dest)
        if given is None:
            value = _from_ini(config, option)
        else:
            asked, value = True, _parsed(option, given, option.flag)
        setattr(config.option, option.dest, option.default if value is None else value)
    return asked


def _from_ini(config: pytest.Config, option: Option) -> Any:
    place = f"{config.inipath or 'ini option'}: {option.dest}"
    try:
        value = config.getini(option.dest)
    except (TypeError, ValueError) as error:
        raise pytest.UsageError(f"{place}: {error}") from None
    value = None if value is None else _parsed(option, value, place)
    if isinstance(value, Path) and config.inipath is not None:  # as pytest's own paths
        return config.inipath.parent / value
    return value


def _parsed(option: Option, value: Any, place: str) -> Any:
    if value in ("", []):
        raise pytest.UsageError(f"{place}: is empty: give it a value, or leave it out")
    if not isinstance(value, str):
        return value
    try:
        return option.parse(value)
    except ValueError as error:
        raise pytest.UsageError(f"{place}: {error}") from None
